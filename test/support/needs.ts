import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Programs that tests use when the machine has them, and the Debian package that brings each. */
const PACKAGES = {
  haproxy: { binaries: ["/usr/sbin/haproxy"], package: "haproxy" },
  keepalived: { binaries: ["/usr/sbin/keepalived"], package: "keepalived" },
  nginx: { binaries: ["/usr/sbin/nginx"], package: "nginx-light and libnginx-mod-stream" },
  chromium: { binaries: ["/usr/bin/chromium"], package: "chromium" },
  "systemd-analyze": { binaries: ["/usr/bin/systemd-analyze"], package: "systemd" },
  configobj: { python: "configobj", package: "python3-configobj" },
  thrift: { python: "thrift", package: "python3-thrift" },
  krb5kdc: { binaries: ["/usr/sbin/krb5kdc"], package: "krb5-kdc" },
  kadmin: { binaries: ["/usr/sbin/kadmin.local"], package: "krb5-admin-server" },
  kinit: { binaries: ["/usr/bin/kinit"], package: "krb5-user" },
  gssapi: { python: "gssapi", package: "python3-gssapi" },
  "thrift-compiler": { binaries: ["/usr/bin/thrift"], package: "thrift-compiler" },
  setfacl: { binaries: ["/usr/bin/setfacl"], package: "acl" },
  setfattr: { binaries: ["/usr/bin/setfattr"], package: "attr" },
  patch: { binaries: ["/usr/bin/patch"], package: "patch" },
  ip: { binaries: ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"], package: "iproute2" },
  openssl: { binaries: ["/usr/bin/openssl"], package: "openssl" },
  mandoc: { binaries: ["/usr/bin/mandoc"], package: "mandoc" },
  zsh: { binaries: ["/usr/bin/zsh"], package: "zsh" },
  shellcheck: { binaries: ["/usr/bin/shellcheck"], package: "shellcheck" },
} as const satisfies Record<string, { binaries?: string[]; python?: string; package: string }>;

export type Need = keyof typeof PACKAGES;

function present(need: Need): boolean {
  const entry: { binaries?: readonly string[]; python?: string } = PACKAGES[need];
  if (entry.python !== undefined) {
    return spawnSync("/usr/bin/python3", ["-c", `import ${entry.python}`], { stdio: "ignore" }).status === 0;
  }
  return entry.binaries?.some((path) => existsSync(path)) ?? false;
}

/**
 * For `describe.skipIf(missing("haproxy"))(title("…", "haproxy"), …)`: true when one of the programs is not installed.
 * With HUE_IMPALA_SETUP_TEST_COMPLETE=1 (as CI sets it) a missing program is an error instead of a skip.
 */
export function missing(...needs: Need[]): boolean {
  const absent = needs.filter((need) => !present(need));
  if (absent.length > 0 && process.env["HUE_IMPALA_SETUP_TEST_COMPLETE"] === "1") {
    throw new Error(`missing Debian package: ${absent.map((need) => PACKAGES[need].package).join(", ")}`);
  }
  return absent.length > 0;
}

/** A test title that names the Debian packages it needs, so that a skipped test says why. */
export function title(text: string, ...needs: Need[]): string {
  return `${text} [needs Debian package ${needs.map((need) => PACKAGES[need].package).join(", ")}]`;
}
