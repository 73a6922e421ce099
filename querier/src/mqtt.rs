//! Messages to MQTT brokers: just enough of MQTT 3.1.1 to connect, publish and leave.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use weir_flux::env::MqttMessages;
use weir_model::{Error, ErrorCode, Result};

use crate::outgoing::Outgoing;

/// As many bytes of topic and message fit into a packet, whose length is told in four digits of seven bits.
const LONGEST: usize = (1 << 28) - 1 - 4;

/// Sends messages to a broker, and waits until it has taken them as surely as asked.
///
/// # Errors
/// `Invalid` for addresses that are none, `Internal` when the broker does not take them all in time.
pub(crate) async fn publish(outgoing: &Outgoing, request: &MqttMessages) -> Result<()> {
    let bad = |what: &dyn std::fmt::Display| Error::invalid(format!("mqtt: {}: {what}", request.broker));
    let rest = match request.broker.split_once("://") {
        None => request.broker.as_str(),
        Some(("tcp" | "mqtt", rest)) => rest,
        Some((scheme, _)) => {
            return Err(bad(&format_args!("the scheme {scheme} is not supported; there is tcp")));
        }
    };
    if let Some((topic, _)) = request.messages.iter().find(|(t, m)| t.len() + m.len() > LONGEST) {
        return Err(bad(&format_args!("the message for {topic} is longer than {LONGEST} bytes")));
    }
    let address = rest.trim_end_matches('/');
    let (host, port) = address.rsplit_once(':').unwrap_or((address, "1883"));
    let port: u16 = port.parse().map_err(|_| bad(&"the port is no number"))?;
    let address = outgoing.resolve(host.trim_matches(['[', ']']), port).await.map_err(|e| bad(&e.message))?;
    let failed = |what: &dyn std::fmt::Display| {
        Error::new(ErrorCode::Internal, format!("mqtt: {}: {what}", request.broker))
    };
    let work = async {
        let mut stream = TcpStream::connect(address).await?;
        converse(&mut stream, request).await
    };
    match tokio::time::timeout(request.timeout, work).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(failed(&error)),
        Err(_) => Err(failed(&"the broker does not answer")),
    }
}

async fn converse(stream: &mut TcpStream, request: &MqttMessages) -> std::io::Result<()> {
    use std::io::{Error, ErrorKind};
    let refused = |text: String| Error::new(ErrorKind::ConnectionRefused, text);
    stream.write_all(&connect(request)).await?;
    let answer = packet(stream).await?;
    match (answer.kind >> 4, answer.body.get(1)) {
        (2, Some(0)) => {}
        (2, Some(code)) => {
            return Err(refused(format!("the broker refused the connection with code {code}")));
        }
        _ => return Err(refused("this is no MQTT broker".into())),
    }
    for (n, (topic, message)) in request.messages.iter().enumerate() {
        // 0 is no packet identifier.
        let id = u16::try_from(n % 65_535).unwrap_or(0) + 1;
        stream.write_all(&publish_packet(request, id, topic, message)).await?;
        if request.qos == 0 {
            continue;
        }
        expect(stream, if request.qos == 1 { 4 } else { 5 }, id).await?;
        if request.qos == 2 {
            stream.write_all(&[0x62, 2, (id >> 8) as u8, id as u8]).await?;
            expect(stream, 7, id).await?;
        }
    }
    stream.write_all(&[0xE0, 0]).await?;
    stream.shutdown().await
}

fn connect(request: &MqttMessages) -> Vec<u8> {
    let (user, password) = (&request.username, &request.password);
    let mut flags = 0b10; // nothing of this session is to be remembered
    let mut body = Vec::new();
    text(&mut body, "MQTT");
    let mut tail = Vec::new();
    text(&mut tail, &request.client_id);
    if !user.is_empty() {
        flags |= 0x80;
        text(&mut tail, user);
        if !password.is_empty() {
            flags |= 0x40;
            text(&mut tail, password);
        }
    }
    body.extend([4, flags, 0, 60]);
    body.extend(tail);
    framed(0x10, &body)
}

fn publish_packet(request: &MqttMessages, id: u16, topic: &str, message: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    text(&mut body, topic);
    if request.qos > 0 {
        body.extend(id.to_be_bytes());
    }
    body.extend(message);
    framed(0x30 | request.qos << 1 | u8::from(request.retain), &body)
}

/// A text with its length; what is longer than the protocol has room for is cut.
fn text(out: &mut Vec<u8>, text: &str) {
    let mut end = text.len().min(usize::from(u16::MAX));
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    out.extend((end as u16).to_be_bytes());
    out.extend(&text.as_bytes()[..end]);
}

fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    let mut left = body.len();
    loop {
        let digit = (left % 128) as u8;
        left /= 128;
        out.push(if left > 0 { digit | 0x80 } else { digit });
        if left == 0 {
            break;
        }
    }
    out.extend(body);
    out
}

struct Packet {
    kind: u8,
    body: Vec<u8>,
}

async fn packet(stream: &mut TcpStream) -> std::io::Result<Packet> {
    let kind = stream.read_u8().await?;
    let (mut length, mut shift) = (0usize, 0);
    loop {
        let digit = stream.read_u8().await?;
        length |= usize::from(digit & 0x7F) << shift;
        shift += 7;
        if digit & 0x80 == 0 {
            break;
        }
        if shift > 21 {
            return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "this is no MQTT broker"));
        }
    }
    let mut body = Vec::new();
    (&mut *stream).take(length as u64).read_to_end(&mut body).await?;
    Ok(Packet { kind, body })
}

/// Waits for the broker's word on a packet.
async fn expect(stream: &mut TcpStream, kind: u8, id: u16) -> std::io::Result<()> {
    loop {
        let answer = packet(stream).await?;
        if answer.kind >> 4 == kind && answer.body.starts_with(&id.to_be_bytes()) {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_broker_gets_the_messages() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let request = MqttMessages {
            broker: format!("tcp://{}", listener.local_addr().unwrap()),
            client_id: "c".into(),
            username: "u".into(),
            password: "p".into(),
            qos: 1,
            retain: true,
            timeout: Duration::from_secs(5),
            messages: vec![("t".into(), b"hello".to_vec())],
        };
        let broker = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let hello = packet(&mut stream).await.unwrap();
            stream.write_all(&[0x20, 2, 0, 0]).await.unwrap();
            let message = packet(&mut stream).await.unwrap();
            stream.write_all(&[0x40, 2, 0, 1]).await.unwrap();
            let goodbye = packet(&mut stream).await.unwrap();
            (hello.body, message.kind, message.body, goodbye.kind)
        });
        publish(&Outgoing::new(false), &request).await.unwrap();
        let (hello, kind, message, goodbye) = broker.await.unwrap();
        assert_eq!(hello, b"\0\x04MQTT\x04\xC2\0\x3C\0\x01c\0\x01u\0\x01p");
        assert_eq!((kind, message.as_slice(), goodbye), (0x33, b"\0\x01t\0\x01hello".as_slice(), 0xE0));
        assert!(publish(&Outgoing::new(true), &request).await.unwrap_err().message.contains("no such host"));
    }

    #[test]
    fn long_packets_tell_their_length() {
        assert_eq!(framed(0x30, &[0; 321])[..3], [0x30, 0xC1, 2]);
    }
}
