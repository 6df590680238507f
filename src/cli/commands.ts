import type { CommandRow } from "./parse/command-table.ts";
import type { CommandModule } from "./result.ts";

/** Loads the code of one command; the others cost nothing at start-up. */
export async function commandModule(command: CommandRow): Promise<CommandModule> {
  switch (command.name) {
    case "setup":
      return (await import("./commands/setup.ts")).setup;
    case "discover":
      return (await import("./commands/discover.ts")).discover;
    case "balancer run":
      return (await import("./commands/balancer/run.ts")).balancerRun;
    case "balancer check":
      return (await import("./commands/balancer/check.ts")).balancerCheck;
    case "balancer status":
      return (await import("./commands/balancer/control.ts")).balancerStatus;
    case "balancer drain":
      return (await import("./commands/balancer/control.ts")).balancerDrain;
    case "balancer ready":
      return (await import("./commands/balancer/control.ts")).balancerReady;
    case "balancer reload":
      return (await import("./commands/balancer/control.ts")).balancerReload;
    case "haproxy print":
      return (await import("./commands/haproxy.ts")).haproxyPrint;
    case "haproxy check":
      return (await import("./commands/haproxy.ts")).haproxyCheck;
    case "keepalived print":
      return (await import("./commands/keepalived.ts")).keepalivedPrint;
    case "doctor":
      return (await import("./commands/doctor.ts")).doctor;
    case "undo":
      return (await import("./commands/undo.ts")).undo;
    case "sync":
      return (await import("./commands/sync.ts")).sync;
    case "config show":
      return (await import("./commands/config-show.ts")).configShow;
    case "completion":
      return (await import("./commands/completion.ts")).completion;
    default:
      throw new TypeError(`no code for the command ${command.name}`);
  }
}
