/** Hue's `coerce_bool`: what a configuration must say to switch something on. Not set, or a list: off. */
export function isOn(value: string | string[] | undefined): boolean {
  return typeof value === "string" && ["TRUE", "1", "YES", "ON", "YEA"].includes(value.toUpperCase());
}
