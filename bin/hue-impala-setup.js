#!/usr/bin/env node
// Refuses an old Node in words, then runs the program. Plain old syntax: it must load on any Node.
var version = process.versions.node.split(".").map(Number);
if (version[0] < 20 || (version[0] === 20 && version[1] < 19)) {
  process.stderr.write(
    "hue-impala-setup needs Node.js 20.19 or newer; this is " +
      process.versions.node +
      ".\nOn RHEL 8 and 9: dnf module enable nodejs:20 (or 22), then dnf install nodejs.\n",
  );
  process.exit(78);
} else {
  import("../dist/cli/start.js").then(
    (program) => program.start(process.argv.slice(2)),
    (error) => {
      process.stderr.write("hue-impala-setup is not built or incomplete: " + error.message + "\n");
      process.exit(70);
    },
  );
}
