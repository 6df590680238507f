import { createHash } from "node:crypto";
import { script } from "./page-script.ts";
import { style } from "./page-style.ts";

/** The status page: one document with its own style and script; it asks `status.json` every second and nothing else. */
export const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Impala balancer</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<header>
<div>
<h1>Impala balancer</h1>
<p id="summary" role="status" aria-live="polite">Loading …</p>
</div>
<span id="live" class="live">connecting</span>
</header>
<main id="listeners"></main>
<footer id="footer"></footer>
<noscript>This page needs JavaScript; the same facts are in <a href="status.json">status.json</a>.</noscript>
<script>${script}</script>
</body>
</html>
`;

/** Nothing but the page's own style and script, and questions to where it came from. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src '${digest(style)}'`,
  `script-src '${digest(script)}'`,
  "connect-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
