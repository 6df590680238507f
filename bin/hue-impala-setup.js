#!/usr/bin/env node
// Refuses an old Node in words, then runs the program. Plain old syntax: it must load on any Node, and as CommonJS, which
// starts faster: the version is told before anything else is loaded.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  process.stderr.write(
    "hue-impala-setup needs Node.js 20.19 or newer; this is " +
      process.versions.node +
      ".\nOn RHEL 8 and 9: dnf module enable nodejs:20 (or 22), then dnf install nodejs.\n",
  );
  process.exit(78);
} else if (process.argv.length === 3 && process.argv[2] === "--version") {
  process.stdout.write(require("../package.json").version + "\n");
} else {
  import("../dist/cli/start.js").then(
    (program) => program.start(process.argv.slice(2)),
    (error) => {
      process.stderr.write("hue-impala-setup is not built or incomplete: " + error.message + "\n");
      process.exit(70);
    },
  );
}
