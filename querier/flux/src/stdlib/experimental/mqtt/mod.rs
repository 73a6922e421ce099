//! `experimental/mqtt`: messages to MQTT brokers.

mod lines;

use std::sync::Arc;
use std::time::Duration;

use weir_table::TableBatch;

use crate::env::MqttMessages;
use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, PerBatch, Run, Whole};
use crate::plan::{Node, Spec};
use crate::registry::Package;
use crate::stdlib::native::natives;
use crate::tables::Call;
use crate::value::Value;

use lines::{Line, Lines};

/// The package.
pub static PACKAGE: Package = Package { path: "experimental/mqtt", name: "mqtt", members: &[&PUBLISH, &TO] };

natives! { "experimental/mqtt":
    PUBLISH = "publish",
        "(broker: string, topic: string, message: string, ?qos: int, ?retain: bool, ?clientid: string, \
         ?username: string, ?password: string, ?timeout: duration) => bool",
        "Sends a message, and answers whether the broker took it.", publish;
    TO = "to",
        "(<-tables: stream[A], broker: string, ?topic: string, ?qos: int, ?retain: bool, ?clientid: string, \
         ?username: string, ?password: string, ?name: string, ?timeout: duration, ?timeColumn: string, \
         ?tagColumns: [string], ?valueColumns: [string]) => stream[B] where A: Record, B: Record",
        "Sends each table as lines of line protocol, and passes the rows on.", to;
}

/// What arguments say of broker and messages.
fn connection(args: &Args) -> Result<MqttMessages> {
    let broker: Arc<str> = args.required("broker")?;
    if broker.is_empty() {
        return Err(FluxError::invalid("empty broker"));
    }
    let username = args.optional::<Arc<str>>("username")?;
    let password = args.optional::<Arc<str>>("password")?;
    if username.is_some() && password.is_none() {
        return Err(FluxError::invalid("password required with username"));
    }
    let qos: i64 = args.or("qos", 0)?;
    let timeout = match args.duration("timeout")? {
        Some(d) if d.nanoseconds > 0 && !d.negative => Duration::from_nanos(d.nanoseconds.unsigned_abs()),
        _ => Duration::from_secs(1),
    };
    Ok(MqttMessages {
        broker: broker.to_string(),
        client_id: args.string_or("clientid", "flux-mqtt")?.to_string(),
        username: username.unwrap_or_default().to_string(),
        password: password.unwrap_or_default().to_string(),
        qos: u8::try_from(qos).ok().filter(|q| *q <= 2).unwrap_or(0),
        retain: args.or("retain", false)?,
        timeout,
        messages: Vec::new(),
    })
}

fn publish(args: &mut Args, cx: &Context) -> Result<Value> {
    let mut request = connection(args)?;
    let (topic, message): (Arc<str>, Arc<str>) = (args.required("topic")?, args.required("message")?);
    for (what, text) in [("topic", &topic), ("message", &message)] {
        if text.is_empty() {
            return Err(FluxError::invalid(format!("empty {what}")));
        }
    }
    request.messages.push((topic.to_string(), message.as_bytes().to_vec()));
    let environment = Arc::clone(cx.environment());
    cx.run()?.block_on(async { environment.publish(request).await })?;
    Ok(Value::Bool(true))
}

#[derive(Debug, Clone)]
struct To {
    connection: MqttMessages,
    /// One topic for all tables; else one made of name and tags of a table's first row.
    topic: Option<Arc<str>>,
    lines: Lines,
}

fn to(args: &mut Args, cx: &Context) -> Result<Value> {
    let topic = args.string_or("topic", "")?;
    let lines = Lines {
        name: args.string_or("name", "")?,
        time: args.string_or("timeColumn", "_time")?,
        tags: args.strings("tagColumns")?.unwrap_or_default(),
        values: args
            .strings("valueColumns")?
            .filter(|v| !v.is_empty())
            .unwrap_or_else(|| vec!["_value".into()]),
    };
    let connection = connection(args)?;
    let value = args.transform(To { connection, topic: Some(topic).filter(|t| !t.is_empty()), lines })?;
    if let Value::Stream(node) = &value {
        cx.add_result(None, node);
    }
    Ok(value)
}

impl To {
    fn send(&self, batch: &TableBatch, run: &Run) -> Result<()> {
        let mut request = self.connection.clone();
        for table in self.lines.of(batch)? {
            let Some(first) = table.first() else { continue };
            let topic = self.topic.as_ref().map_or_else(|| first.topic(), ToString::to_string);
            request.messages.push((topic, table.iter().map(Line::text).collect::<String>().into_bytes()));
        }
        if request.messages.is_empty() {
            return Ok(());
        }
        let _sent = run.memory.reserve(request.messages.iter().map(|(_, message)| message.len()).sum())?;
        let environment = Arc::clone(run.environment());
        run.block_on(async { environment.publish(request).await })
    }
}

impl Spec for To {
    fn name(&self) -> &'static str {
        "toMQTT"
    }

    fn has_side_effect(&self) -> bool {
        true
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let (to, for_sending) = (self.clone(), run.clone());
        let call = Call::of(node);
        let tables = Whole::over(inputs.remove(0), run);
        Ok(PerBatch::rows(tables, run, move |batch| {
            to.send(&batch, &for_sending).map_err(|e| call.tell(e))?;
            Ok(Some(batch))
        }))
    }
}
