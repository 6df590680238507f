import type { Survey } from "../../survey/survey.ts";

/**
 * Who logs in to the Impalads with a keytab: Hue as its configuration names it, else as it is called on this host, else
 * the only `hue/…` there is. Pure.
 * @param names the keytab's principals, with their realms
 */
export function huesPrincipal(names: readonly string[], { hue, fullName }: Survey): string | undefined {
  const called = hue?.principal;
  const here = `hue/${fullName?.name ?? ""}@`;
  const ofHue = names.filter((name) => name.startsWith("hue/"));
  return (
    names.find((name) => name === called || (called !== undefined && name.startsWith(`${called}@`))) ??
    names.find((name) => name.toLowerCase().startsWith(here.toLowerCase())) ??
    (ofHue.length === 1 ? ofHue[0] : undefined)
  );
}

/**
 * What `impala_principal` has to be so that Hue asks for a ticket that the keytab's keys open; undefined: it is right
 * as it is, or nothing would help. Hue takes the service from it and the host from `server_host`. Pure.
 * @param service what Hue asks for now
 */
export function askedName(names: readonly string[], service: string, serverHost: string): string | undefined {
  if (opens(names, service, serverHost) !== undefined) return undefined;
  return opens(names, "hue", serverHost) ?? opens(names, "impala", serverHost);
}

/** The keytab's name for a service on a host, whose letters' case does not matter. */
export function opens(names: readonly string[], service: string, host: string): string | undefined {
  const wanted = `${service}/${host}@`.toLowerCase();
  return names.find((name) => name.toLowerCase().startsWith(wanted));
}
