/**
 * Places, ports and times that are the same on every host unless somebody says otherwise; the only place where they are
 * written down. Most of them are defaults of options, which name them from here.
 */

/** What Hue reads: the tutorial's place, then the packages'. */
export const HUE_INIS = ["/etc/hue/hue.ini", "/etc/hue/conf/hue.ini"] as const;
export const HUE_UNIT = "hue.service";
/** Seconds that Hue waits for one call; the tutorial's example, one hour. Hue's own default is 120. */
export const CONN_TIMEOUT = 3600;

/** Port on which an Impalad speaks HiveServer2 (`--hs2_port`). */
export const HIVESERVER2_PORT = 21050;
/** Port of an Impalad's debug web server (`--webserver_port`). */
export const IMPALAD_WEB_PORT = 25000;

/** What Cloudera Manager's agent reads; names the server. */
export const AGENT_CONFIG = "/etc/cloudera-scm-agent/config.ini";
/** Variable that may hold the password of Cloudera Manager. */
export const PASSWORD_VARIABLE = "HUE_IMPALA_SETUP_CM_PASSWORD";
/** Seconds that one answer of Cloudera Manager may take. */
export const CM_TIMEOUT = 60;

/** The tutorial's listener. */
export const LISTEN_PORT = 10001;
/** Status page, metrics and `/healthz`: this host only. */
export const ADMIN_LISTEN = "127.0.0.1:10002";

/** The bundled balancer's specification. */
export const SPEC_FILE = "/etc/hue-impala-setup/balancer.json";
/** Where administrators put a keytab for the balancer, such as a copy of the one of Cloudera Manager's agent. */
export const OWN_KEYTAB = "/etc/hue-impala-setup/hue.keytab";
/** Where the running balancer takes commands; systemd makes the folder for the service. */
export const CONTROL_SOCKET = "/run/hue-impala-setup/balancer.sock";
/** Where the tutorial keeps HAProxy's configuration, and where the generated unit reads it. */
export const HAPROXY_FILE = "/etc/impala/haproxy-impala.conf";
export const HAPROXY_SOCKET = "/run/hue-impala-setup-haproxy/haproxy.sock";

/** Where systemd looks for units that administrators write (systemd.unit(5)); the first is where ours go. */
export const UNIT_DIRS = [
  "/etc/systemd/system",
  "/run/systemd/system",
  "/usr/local/lib/systemd/system",
] as const;

/** Journal of the last apply, the lock, spare copies of files whose folder cannot be written to. */
export const STATE_DIR = "/var/lib/hue-impala-setup";
