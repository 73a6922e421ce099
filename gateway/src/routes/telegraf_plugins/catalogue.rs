//! The plugins, with a description and settings to begin with each.

use Kind::{Aggregator, Input, Output, Processor};

/// What a plugin does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Sums points up.
    Aggregator,
    /// Several plugins at once; there are none.
    Bundle,
    /// Gathers points.
    Input,
    /// Sends them off.
    Output,
    /// Changes them on their way.
    Processor,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Aggregator => "aggregator",
            Self::Bundle => "bundle",
            Self::Input => "input",
            Self::Output => "output",
            Self::Processor => "processor",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let all = [Self::Aggregator, Self::Bundle, Self::Input, Self::Output, Self::Processor];
        all.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A plugin.
#[derive(Debug)]
pub(super) struct Plugin {
    pub(super) kind: Kind,
    pub(super) name: &'static str,
    /// What it is for, one sentence.
    pub(super) about: &'static str,
    /// Settings to begin with, lines of TOML.
    pub(super) settings: &'static [&'static str],
}

const fn plugin(
    kind: Kind,
    name: &'static str,
    about: &'static str,
    settings: &'static [&'static str],
) -> Plugin {
    Plugin { kind, name, about, settings }
}

/// By kind and name.
#[rustfmt::skip]
pub(super) static PLUGINS: &[Plugin] = &[
    plugin(Aggregator, "basicstats", "Keep count, mean, smallest and largest value of every field for a period.", &[
        r#"period = "30s""#,
        "drop_original = false",
        r#"stats = ["count", "min", "max", "mean"]"#,
    ]),
    plugin(Aggregator, "histogram", "Count values by ranges for a period.", &[
        r#"period = "30s""#,
        "drop_original = false",
        "reset = true",
    ]),
    plugin(Aggregator, "minmax", "Keep the smallest and largest value of every field for a period.", &[
        r#"period = "30s""#,
        "drop_original = false",
    ]),
    plugin(Input, "cloudwatch", "Metrics of Amazon CloudWatch.", &[
        r#"region = "us-east-1""#,
        r#"period = "5m""#,
        r#"delay = "5m""#,
        r#"interval = "5m""#,
        r#"namespaces = ["AWS/ELB"]"#,
    ]),
    plugin(Input, "consul", "States of the checks that a Consul agent knows.", &[r#"address = "localhost:8500""#]),
    plugin(Input, "cpu", "Use of processors.", &[
        "percpu = true",
        "totalcpu = true",
        "collect_cpu_time = false",
        "report_active = false",
    ]),
    plugin(Input, "disk", "Free and used space of file systems.", &[
        r#"ignore_fs = ["tmpfs", "devtmpfs", "devfs", "iso9660", "overlay", "aufs", "squashfs"]"#,
    ]),
    plugin(Input, "diskio", "Reads and writes of block devices.", &[r#"devices = ["sda", "nvme*"]"#]),
    plugin(Input, "dns_query", "How long name servers take to answer.", &[
        r#"servers = ["8.8.8.8"]"#,
        r#"domains = ["."]"#,
        r#"record_type = "A""#,
    ]),
    plugin(Input, "docker", "Use of resources by containers.", &[
        r#"endpoint = "unix:///var/run/docker.sock""#,
        "gather_services = false",
        r#"timeout = "5s""#,
    ]),
    plugin(Input, "elasticsearch", "Statistics of nodes and cluster of Elasticsearch.", &[
        r#"servers = ["http://localhost:9200"]"#,
        "local = true",
        "cluster_health = false",
    ]),
    plugin(Input, "exec", "What commands print.", &[
        r#"commands = ["/usr/local/bin/measure"]"#,
        r#"timeout = "5s""#,
        r#"data_format = "influx""#,
    ]),
    plugin(Input, "file", "The whole of files, read at every interval.", &[
        r#"files = ["/var/lib/metrics/current"]"#,
        r#"data_format = "influx""#,
    ]),
    plugin(Input, "haproxy", "Statistics of HAProxy.", &[r#"servers = ["http://localhost:1936/haproxy?stats"]"#]),
    plugin(Input, "http", "What addresses answer.", &[
        r#"urls = ["http://localhost:8080/metrics"]"#,
        r#"method = "GET""#,
        r#"timeout = "5s""#,
        r#"data_format = "json""#,
    ]),
    plugin(Input, "http_listener_v2", "Points that others send by HTTP.", &[
        r#"service_address = ":8186""#,
        r#"paths = ["/telegraf"]"#,
        r#"methods = ["POST"]"#,
        r#"data_format = "influx""#,
    ]),
    plugin(Input, "http_response", "Whether addresses answer, and how fast.", &[
        r#"urls = ["http://localhost"]"#,
        r#"response_timeout = "5s""#,
        r#"method = "GET""#,
    ]),
    plugin(Input, "influxdb", "Statistics that an InfluxDB tells of itself.", &[
        r#"urls = ["http://localhost:8086/debug/vars"]"#,
        r#"timeout = "5s""#,
    ]),
    plugin(Input, "internal", "Statistics of the agent itself.", &["collect_memstats = true"]),
    plugin(Input, "kafka_consumer", "Points from topics of Kafka.", &[
        r#"brokers = ["localhost:9092"]"#,
        r#"topics = ["telegraf"]"#,
        r#"consumer_group = "telegraf_metrics_consumers""#,
        r#"data_format = "influx""#,
    ]),
    plugin(Input, "kernel", "Counters of the kernel.", &[]),
    plugin(Input, "kube_inventory", "Objects of a Kubernetes cluster and their states.", &[
        r#"url = "https://127.0.0.1""#,
        r#"namespace = "default""#,
    ]),
    plugin(Input, "kubernetes", "Use of resources by pods, as a kubelet tells it.", &[
        r#"url = "http://127.0.0.1:10255""#,
    ]),
    plugin(Input, "logparser", "Lines of log files, taken apart by patterns.", &[
        r#"files = ["/var/log/apache/access.log"]"#,
        "from_beginning = false",
    ]),
    plugin(Input, "mem", "Use of memory.", &[]),
    plugin(Input, "memcached", "Statistics of memcached.", &[r#"servers = ["localhost:11211"]"#]),
    plugin(Input, "modbus", "Registers of devices that speak Modbus.", &[
        r#"name = "device""#,
        "slave_id = 1",
        r#"timeout = "1s""#,
        r#"controller = "tcp://localhost:502""#,
    ]),
    plugin(Input, "mongodb", "Statistics of MongoDB.", &[r#"servers = ["mongodb://127.0.0.1:27017"]"#]),
    plugin(Input, "mqtt_consumer", "Points from topics of an MQTT broker.", &[
        r#"servers = ["tcp://127.0.0.1:1883"]"#,
        r#"topics = ["sensors/#"]"#,
        r#"data_format = "influx""#,
    ]),
    plugin(Input, "mysql", "Statistics of MySQL and MariaDB.", &[
        r#"servers = ["user:password@tcp(127.0.0.1:3306)/?tls=false"]"#,
    ]),
    plugin(Input, "net", "Packets and bytes of network interfaces.", &[r#"interfaces = ["eth0"]"#]),
    plugin(Input, "net_response", "Whether ports answer, and how fast.", &[
        r#"protocol = "tcp""#,
        r#"address = "localhost:80""#,
        r#"timeout = "1s""#,
    ]),
    plugin(Input, "netstat", "States of connections.", &[]),
    plugin(Input, "nginx", "Connections and requests of nginx.", &[
        r#"urls = ["http://localhost/server_status"]"#,
        r#"response_timeout = "5s""#,
    ]),
    plugin(Input, "ntpq", "How far clocks are off, as ntpq tells it.", &["dns_lookup = true"]),
    plugin(Input, "opcua", "Values of nodes of an OPC UA server.", &[
        r#"name = "device""#,
        r#"endpoint = "opc.tcp://localhost:4840""#,
    ]),
    plugin(Input, "phpfpm", "Statistics of PHP-FPM.", &[r#"urls = ["http://localhost/status"]"#]),
    plugin(Input, "ping", "Whether hosts answer pings, and how fast.", &[r#"urls = ["example.org"]"#, "count = 1"]),
    plugin(Input, "postgresql", "Statistics of PostgreSQL.", &[
        r#"address = "host=localhost user=postgres sslmode=disable""#,
    ]),
    plugin(Input, "processes", "How many processes there are, by state.", &[]),
    plugin(Input, "procstat", "Use of resources by chosen processes.", &[r#"pattern = "nginx""#]),
    plugin(Input, "prometheus", "Metrics of addresses in the format of Prometheus.", &[
        r#"urls = ["http://localhost:9100/metrics"]"#,
    ]),
    plugin(Input, "rabbitmq", "Statistics of RabbitMQ.", &[
        r#"url = "http://localhost:15672""#,
        r#"username = "guest""#,
        r#"password = "guest""#,
    ]),
    plugin(Input, "redis", "Statistics of Redis.", &[r#"servers = ["tcp://localhost:6379"]"#]),
    plugin(Input, "sensors", "Temperatures, voltages and fans, as lm-sensors tells them.", &[]),
    plugin(Input, "smart", "Health of disks.", &["attributes = true"]),
    plugin(Input, "snmp", "Values of devices that speak SNMP.", &[
        r#"agents = ["udp://127.0.0.1:161"]"#,
        "version = 2",
        r#"community = "public""#,
    ]),
    plugin(Input, "sqlserver", "Statistics of SQL Server.", &[
        r#"servers = ["Server=localhost;Port=1433;User Id=telegraf;Password=secret;app name=telegraf;"]"#,
    ]),
    plugin(Input, "statsd", "Counters, gauges and timers that others send as StatsD.", &[
        r#"protocol = "udp""#,
        r#"service_address = ":8125""#,
        "percentiles = [50.0, 90.0, 99.0]",
    ]),
    plugin(Input, "swap", "Use of swap space.", &[]),
    plugin(Input, "syslog", "Messages that others send as syslog.", &[r#"server = "tcp://:6514""#]),
    plugin(Input, "system", "Load, uptime and how many users there are.", &[]),
    plugin(Input, "systemd_units", "States of the units of systemd.", &[]),
    plugin(Input, "tail", "New lines of files.", &[
        r#"files = ["/var/log/app.log"]"#,
        "from_beginning = false",
        r#"data_format = "influx""#,
    ]),
    plugin(Input, "temp", "Temperatures.", &[]),
    plugin(Input, "win_perf_counters", "Performance counters of Windows.", &[]),
    plugin(Input, "x509_cert", "How long certificates are still valid.", &[
        r#"sources = ["https://example.org:443"]"#,
        r#"timeout = "5s""#,
    ]),
    plugin(Output, "elasticsearch", "Write to Elasticsearch.", &[
        r#"urls = ["http://localhost:9200"]"#,
        r#"index_name = "telegraf-%Y.%m.%d""#,
    ]),
    plugin(Output, "file", "Write to files.", &[r#"files = ["stdout"]"#, r#"data_format = "influx""#]),
    plugin(Output, "graphite", "Write to Graphite.", &[r#"servers = ["localhost:2003"]"#, r#"prefix = """#]),
    plugin(Output, "http", "Send to an address.", &[
        r#"url = "http://127.0.0.1:8080/telegraf""#,
        r#"method = "POST""#,
        r#"data_format = "influx""#,
    ]),
    plugin(Output, "influxdb", "Write to an InfluxDB of version 1.", &[
        r#"urls = ["http://127.0.0.1:8086"]"#,
        r#"database = "telegraf""#,
    ]),
    plugin(Output, "influxdb_v2", "Write to this server, or another one that speaks its API.", &[
        r#"urls = ["http://127.0.0.1:8086"]"#,
        r#"token = "$INFLUX_TOKEN""#,
        r#"organization = "my-org""#,
        r#"bucket = "my-bucket""#,
    ]),
    plugin(Output, "kafka", "Send to a topic of Kafka.", &[
        r#"brokers = ["localhost:9092"]"#,
        r#"topic = "telegraf""#,
        r#"data_format = "influx""#,
    ]),
    plugin(Output, "mqtt", "Send to a topic of an MQTT broker.", &[
        r#"servers = ["localhost:1883"]"#,
        r#"topic_prefix = "telegraf""#,
        r#"data_format = "influx""#,
    ]),
    plugin(Output, "prometheus_client", "Show metrics to a Prometheus that asks.", &[r#"listen = ":9273""#]),
    plugin(Processor, "converter", "Change the types of tags and fields.", &[]),
    plugin(Processor, "date", "Add a tag with the date.", &[r#"tag_key = "month""#, r#"date_format = "Jan""#]),
    plugin(Processor, "dedup", "Leave out points that repeat the one before.", &[r#"dedup_interval = "600s""#]),
    plugin(Processor, "enum", "Put other values in the place of values, by a table.", &[]),
    plugin(Processor, "regex", "Change tags and fields by patterns.", &[]),
    plugin(Processor, "rename", "Rename measurements, tags and fields.", &[]),
    plugin(Processor, "strings", "Trim and change texts.", &[]),
    plugin(Processor, "topk", "Keep the series with the largest values.", &[
        "period = 10",
        "k = 10",
        r#"fields = ["value"]"#,
    ]),
];
