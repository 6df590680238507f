import { BALANCE_MEANINGS, BALANCES } from "../../algorithms/table.ts";

/** What each way to spread work does, for the page. */
const meanings = Object.fromEntries(BALANCES.map((name) => [name, BALANCE_MEANINGS[name].en]));

/**
 * The status page's script. Text from the balancer only ever becomes text (`textContent`), so a strange name cannot
 * become markup. Written for browsers; a string here because the page must be a single document.
 */
export const script = `
"use strict";
const MARKS = { up: "\\u25cf", down: "\\u2715", drain: "\\u25b2", stopping: "\\u25b2" };
const BALANCE = ${JSON.stringify(meanings)};
let before = null;

function make(name, text, className) {
  const node = document.createElement(name);
  if (text !== undefined) node.textContent = text;
  if (className) node.className = className;
  return node;
}
function count(value) { return value.toLocaleString("en"); }
function bytes(value) {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) { value /= 1000; unit++; }
  return (unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)) + " " + units[unit];
}
function span(seconds) {
  seconds = Math.max(0, Math.round(seconds));
  if (seconds < 60) return seconds + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min " + (seconds % 60) + " s";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h " + Math.floor((seconds % 3600) / 60) + " min";
  return Math.floor(seconds / 86400) + " d " + Math.floor((seconds % 86400) / 3600) + " h";
}
function age(iso, now) { return span((now - Date.parse(iso)) / 1000); }

function rate(now, past, key) {
  if (!past) return 0;
  return Math.max(0, (now.value[key] - past.value[key]) / ((now.at - past.at) / 1000));
}
function past(listener, backend) {
  if (!before) return null;
  const found = before.status.listeners.find((each) => each.name === listener);
  const value = backend === undefined ? found : found && found.backends.find((each) => each.name === backend);
  return value ? { value, at: before.at } : null;
}

function figure(value, label, id) {
  const box = make("div", undefined, "figure");
  const number = make("b", value);
  if (id) number.dataset.figure = id;
  box.append(number, make("small", label));
  return box;
}

function cell(label, ...content) {
  const node = make("td");
  if (label) node.dataset.label = label;
  node.append(...content);
  return node;
}

function row(listener, backend, at, most, now) {
  const line = make("tr");
  line.dataset.backend = backend.name;
  const name = cell("", make("strong", backend.name));
  if (backend.backup) name.append(make("span", "backup", "tag"));
  if (backend.slowStart) name.append(make("span", "slow start", "tag"));
  if (backend.weight !== 1) name.append(make("span", "weight " + backend.weight, "tag"));
  name.append(make("small", backend.address));
  const state = make("span", MARKS[backend.state] + " " + backend.state.toUpperCase(), "state " + backend.state);
  const connections = cell("Connections",
    count(backend.connections) + (backend.maxConnections ? " of " + count(backend.maxConnections) : ""));
  const bar = make("div", undefined, "bar");
  const fill = make("i");
  fill.style.width = (100 * backend.connections) / Math.max(1, backend.maxConnections || most) + "%";
  bar.append(fill);
  connections.append(bar, make("small", count(backend.total) + " since start" +
    (backend.queued ? ", " + backend.queued + " waiting" : "")));
  line.append(name, cell("State", state, make("small", "for " + age(backend.since, now))), connections);
  if (listener.balance === "session") {
    line.append(cell("Sessions", count(backend.sessions || 0), make("small", (backend.operations || 0) === 1 ? "1 open query" : count(backend.operations || 0) + " open queries")));
  }
  const speed = rate({ value: backend, at }, past(listener.name, backend.name), "bytesToClient");
  line.append(cell("Results", bytes(speed) + "/s", make("small", bytes(backend.bytesToClient) + " in all")));
  const check = backend.lastCheck;
  const last = check
    ? cell("Last check", check.message, make("small", age(check.at, now) + " ago, took " + check.duration + " ms"))
    : cell("Last check", "not yet");
  last.classList.add("check");
  line.append(last);
  return line;
}

function section(listener, at, now) {
  const box = make("section");
  box.dataset.listener = listener.name;
  const title = make("div", undefined, "title");
  title.append(make("h2", listener.name), make("span", listener.address),
    make("span", listener.balance + ": " + BALANCE[listener.balance]));
  const figures = make("div", undefined, "figures");
  figures.append(figure(count(listener.connections), "connections of " + count(listener.maxConnections), "connections"));
  figures.append(figure(count(listener.queued), "waiting for a slot", "queued"));
  const down = rate({ value: listener, at }, past(listener.name), "bytesToClient");
  figures.append(figure(bytes(down) + "/s", "results to clients", "rate"));
  if (listener.routing) {
    figures.append(figure(count(listener.backends.reduce((sum, each) => sum + (each.sessions || 0), 0)), "sessions", "sessions"));
  } else figures.append(figure(count(listener.total), "connections since start", "total"));
  const refused = listener.refused.notAllowed + listener.refused.full + listener.refused.sourceFull;
  figures.append(figure(count(refused), "turned away", "refused"));
  box.append(title, figures);
  for (const note of listener.notes || []) box.append(make("p", note, "note"));
  const table = make("table");
  const head = make("tr");
  const columns = ["Impalad", "State", "Connections"];
  if (listener.balance === "session") columns.push("Sessions");
  for (const text of [...columns, "Results", "Last check"]) head.append(make("th", text));
  const thead = make("thead");
  thead.append(head);
  const body = make("tbody");
  const most = Math.max(...listener.backends.map((each) => each.connections));
  for (const backend of listener.backends) body.append(row(listener, backend, at, most, now));
  table.append(thead, body);
  box.append(table);
  return box;
}

function summary(status) {
  const backends = status.listeners.flatMap((each) => each.backends);
  const up = backends.filter((each) => each.state === "up").length;
  const line = document.getElementById("summary");
  line.textContent = (up === backends.length ? "All " + up : up + " of " + backends.length) +
    (backends.length === 1 ? " Impalad is up" : " Impalads are up") + (status.draining ? "; the balancer is stopping" : "");
  line.className = up === backends.length ? "" : "bad";
  document.title = up + "/" + backends.length + " up \\u00b7 Impala balancer";
}

function footer(status) {
  const node = document.getElementById("footer");
  const link = (href) => { const each = make("a", href); each.href = href; return each; };
  const parts = [make("span", "running for " + span(status.uptime) + " as process " + status.pid)];
  if (status.descriptors.limit) parts.push(make("span", status.descriptors.open + " of " + count(status.descriptors.limit) + " descriptors"));
  if (status.reloadedAt) parts.push(make("span", "reloaded " + new Date(status.reloadedAt).toLocaleString()));
  node.replaceChildren(...parts, link("status.json"), link("metrics"));
}

async function refresh() {
  const live = document.getElementById("live");
  try {
    const response = await fetch("status.json", { cache: "no-store", signal: AbortSignal.timeout(5000) });
    if (!response.ok) throw new Error("status " + response.status);
    const status = await response.json();
    const at = performance.now();
    // Ages are told by the balancer's clock, whatever the reader's says.
    const now = Date.parse(status.startedAt) + status.uptime * 1000;
    document.getElementById("listeners").replaceChildren(...status.listeners.map((each) => section(each, at, now)));
    summary(status);
    footer(status);
    before = { status, at };
    live.textContent = "live";
    live.className = "live on";
  } catch (error) {
    live.textContent = "no answer from the balancer";
    live.className = "live off";
  }
  setTimeout(refresh, document.hidden ? 5000 : 1000);
}
refresh();
document.addEventListener("visibilitychange", () => { if (!document.hidden) before = null; });
`;
