import { isIP } from "node:net";
import { parseCidr } from "../../domain/cidr.ts";
import type { Failure } from "../../domain/failure.ts";
import type { Text } from "../../domain/text.ts";
import { ADMIN_LISTEN } from "../../domain/well-known.ts";
import { engineFailure, PAIR_ADDRESS, PAIR_NODE } from "../../messages/failures/engines.ts";
import { withMarker } from "../marker.ts";

/** Two hosts that run the same balancer and share one address. */
export interface KeepalivedPair {
  /**
   * The shared address with its network's prefix, `10.0.0.100/24`. Hue's server_host (or the name that resolves to it).
   */
  readonly virtualAddress: string;
  /** VRRP's number of the pair, 1–255; unique in the hosts' network. */
  readonly routerId: number;
  /** Both hosts; the first one is preferred when both start at the same time. */
  readonly nodes: readonly [KeepalivedNode, KeepalivedNode];
  /** Name of the host that this file is for. */
  readonly local: string;
  /** What to ask about the balancer's health on this host: 200 is good. Default: the admin listener of this host. */
  readonly checkUrl?: string;
}

export interface KeepalivedNode {
  readonly name: string;
  /** The host's own address in the network of the shared one. */
  readonly address: string;
  /** Network interface, `eth0`. */
  readonly interface: string;
}

const CHECK_URL = `http://${ADMIN_LISTEN}/healthz`;

/**
 * keepalived.conf for one host of a pair. Both are BACKUP with nopreempt, so that the address does not jump back when a
 * host returns; peers are named (unicast), since many networks drop multicast; the check asks the balancer, because a
 * process that exists may serve nobody, and puts the instance into FAULT (no weight: nopreempt ignores priorities).
 * No VRRP password: it is clear text and protects nothing. Pure; ends with a newline.
 * @throws Failure `settings`, codes `keepalived-address`, `keepalived-router-id`, `keepalived-node`, `keepalived-url`
 */
export function renderKeepalived(pair: KeepalivedPair): string {
  const { self, peer, address, prefix } = validate(pair);
  const priority = self === pair.nodes[0] ? 110 : 100;
  const url = pair.checkUrl ?? CHECK_URL;
  const body = `global_defs {
    router_id ${self.name}
    # Scripts that others than root could change are refused.
    enable_script_security
    script_user nobody
}

vrrp_script balancer {
    # Asks the balancer: a process that exists may serve nobody.
    script "/usr/bin/curl --fail --silent --output /dev/null --noproxy * --max-time 2 ${url}"
    interval 2
    timeout 3
    fall 2
    rise 2
    init_fail
}

vrrp_instance impala {
    # Both hosts start as BACKUP, and a host that returns does not take the address back: each move cuts connections.
    state BACKUP
    nopreempt
    interface ${self.interface}
    virtual_router_id ${pair.routerId}
    priority ${priority}
    advert_int 1
    unicast_src_ip ${self.address}
    unicast_peer {
        ${peer.address}
    }
    virtual_ipaddress {
        ${address}/${prefix} dev ${self.interface}
    }
    # Without a weight: a failed check gives the address up, which nopreempt would otherwise prevent.
    track_script {
        balancer
    }
}
`;
  return withMarker(body, [`For ${self.name}; the other host, ${peer.name}, needs its own file.`]);
}

interface Valid {
  readonly self: KeepalivedNode;
  readonly peer: KeepalivedNode;
  readonly address: string;
  readonly prefix: number;
}

function validate(pair: KeepalivedPair): Valid {
  const { address, prefix } = parseCidr(pair.virtualAddress);
  if (!pair.virtualAddress.includes("/")) {
    throw badAddress(PAIR_ADDRESS.noPrefix(pair.virtualAddress), PAIR_ADDRESS.writePrefix);
  }
  const { routerId, checkUrl = CHECK_URL } = pair;
  if (!(Number.isInteger(routerId) && routerId >= 1 && routerId <= 255)) {
    throw engineFailure("keepalived-router-id", { routerId });
  }
  for (const node of pair.nodes) {
    if (isIP(node.address) === 0 || isIP(node.address) !== isIP(address)) {
      throw badAddress(PAIR_ADDRESS.family(node.name, node.address, address), PAIR_ADDRESS.ownAddress);
    }
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(node.name) || !/^[A-Za-z0-9._@-]{1,15}$/.test(node.interface)) {
      throw engineFailure("keepalived-node", { reason: PAIR_NODE.notPlain(node.name, node.interface) });
    }
  }
  const [first, second] = pair.nodes;
  const used = [first.address, second.address, address];
  if (first.name === second.name || new Set(used).size < used.length) {
    throw engineFailure("keepalived-node", { reason: PAIR_NODE.same, hint: PAIR_NODE.threeAddresses });
  }
  if (!/^https?:\/\/[A-Za-z0-9.:[\]/_-]+$/.test(checkUrl)) {
    throw engineFailure("keepalived-url", { url: checkUrl, example: CHECK_URL });
  }
  if (pair.local === first.name) return { self: first, peer: second, address, prefix };
  if (pair.local === second.name) return { self: second, peer: first, address, prefix };
  const reason = PAIR_NODE.neither(pair.local, first.name, second.name);
  throw engineFailure("keepalived-node", { reason, hint: PAIR_NODE.nameOne });
}

function badAddress(reason: Text, hint: Text): Failure {
  return engineFailure("keepalived-address", { reason, hint });
}
