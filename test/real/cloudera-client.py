"""Calls a Cloudera Manager with Cloudera's official Python client and reports, as JSON, what its models did not accept.

Standard input: {"url", "api", "ca", "user", "password"}. Standard output: {"calls": N, "problems": [...], "seen": {...}}.
The client itself is lenient: it drops fields it does not know and takes any value for an enumeration. So each answer's
JSON is compared here with the type that the client's API description gives it.
"""

import json
import re
import sys
import time

import cm_client
from cm_client import models
from cm_client.rest import ApiException

PRIMITIVES = {"str": str, "bool": bool, "int": int, "float": (int, float), "object": object}


def check(data, kind, where, problems):
    """Everything in `data` that is not of the described type."""
    if data is None:
        problems.append("%s: null" % where)
    elif kind.startswith("list["):
        if not isinstance(data, list):
            problems.append("%s: no list" % where)
            return
        for number, item in enumerate(data):
            check(item, kind[5:-1], "%s[%d]" % (where, number), problems)
    elif kind in PRIMITIVES:
        expected = PRIMITIVES[kind]
        wrong_bool = isinstance(data, bool) and kind in ("int", "float")
        if not isinstance(data, expected) or wrong_bool:
            problems.append("%s: %r is no %s" % (where, data, kind))
    else:
        model = getattr(models, kind)
        if not model.swagger_types:
            values = [value for name, value in vars(model).items() if re.match("^[A-Z]", name)]
            if data not in values:
                problems.append("%s: %r is none of %s" % (where, data, values))
            return
        if not isinstance(data, dict):
            problems.append("%s: no object" % where)
            return
        types = {model.attribute_map[name]: kind for name, kind in model.swagger_types.items()}
        for name, value in data.items():
            if name not in types:
                problems.append("%s: %s has no field %s" % (where, kind, name))
            else:
                check(value, types[name], "%s.%s" % (where, name), problems)


class Caller:
    def __init__(self, client):
        self.client = client
        self.problems = []
        self.calls = 0
        self.described = {}
        original = client.deserialize

        def deserialize(response, kind):
            self.described = {"kind": kind, "data": response.data}
            return original(response, kind)

        client.deserialize = deserialize

    def __call__(self, method, *args, **kwargs):
        """Makes the call, checks its answer and returns it as the client's typed model."""
        self.calls += 1
        result = method(*args, **kwargs)
        kind = self.described["kind"]
        name = method.__name__
        if kind == "file":
            with open(result, encoding="utf-8", newline="") as file:
                return file.read()
        check(json.loads(self.described["data"]), kind, name, self.problems)
        expected = {"bool": bool}.get(kind) or getattr(models, kind)
        if not isinstance(result, expected):
            self.problems.append("%s: the client made a %s" % (name, type(result).__name__))
        return result

    def refused(self, status, method, *args, **kwargs):
        """Makes a call that must be refused with this status."""
        self.calls += 1
        try:
            method(*args, **kwargs)
        except ApiException as error:
            if error.status != status:
                self.problems.append("%s: %s instead of %s" % (method.__name__, error.status, status))
            return
        self.problems.append("%s: not refused" % method.__name__)


def connect(given, password):
    configuration = cm_client.Configuration()
    configuration.host = "%(url)s/api/v%(api)d" % given
    configuration.username = given["user"]
    configuration.password = password
    configuration.ssl_ca_cert = given["ca"]
    client = cm_client.ApiClient()
    client.configuration = configuration
    return client


def discover(call, client, seen):
    clusters = cm_client.ClustersResourceApi(client)
    services = cm_client.ServicesResourceApi(client)
    roles = cm_client.RolesResourceApi(client)
    groups = cm_client.RoleConfigGroupsResourceApi(client)
    hosts = cm_client.HostsResourceApi(client)

    seen["version"] = call(cm_client.ClouderaManagerResourceApi(client).get_version).version
    for cluster_type in ("any", "base", "compute"):
        found = call(clusters.read_clusters, cluster_type=cluster_type, view="full")
        seen["clusters " + cluster_type] = [cluster.name for cluster in found.items]
    cluster = seen["clusters base"][0]
    call(clusters.read_cluster, cluster)
    call(clusters.list_hosts, cluster)
    call(clusters.list_active_commands, cluster)
    seen["kerberos"] = call(clusters.get_kerberos_info, cluster).kerberized
    if hasattr(clusters, "is_tls_enabled"):
        seen["tls"] = call(clusters.is_tls_enabled, cluster)
    call(hosts.read_host, call(hosts.read_hosts).items[0].host_id)
    call(hosts.read_hosts, view="full")

    for view in ("summary", "full", "export", "export_redacted"):
        listed = call(services.read_services, cluster, view=view)
    for service in [item.name for item in listed.items]:
        for view in ("summary", "full", "full_with_health_check_explanation", "export"):
            call(services.read_service, cluster, service, view=view)
            call(roles.read_roles, cluster, service, view=view)
        for view in ("summary", "full"):
            call(services.read_service_config, cluster, service, view=view)
        for group in call(groups.read_role_config_groups, cluster, service).items:
            call(groups.read_role_config_group, cluster, group.name, service)
            call(groups.read_roles, cluster, group.name, service)
            for view in ("summary", "full"):
                call(groups.read_config, cluster, group.name, service, view=view)
    impalads = call(roles.read_roles, cluster, "impala", filter="type==IMPALAD", view="export").items
    seen["impalads"] = sorted(role.host_ref.hostname for role in impalads)
    seen["ports"] = sorted(item.value for role in impalads for item in role.config.items if item.name == "hs2_port")
    for role in impalads[:1]:
        call(roles.read_role, cluster, role.name, "impala")
        call(roles.read_role_config, cluster, role.name, "impala", view="full")
    return cluster


def change(call, client, cluster, seen):
    services = cm_client.ServicesResourceApi(client)
    roles = cm_client.RolesResourceApi(client)
    groups = cm_client.RoleConfigGroupsResourceApi(client)
    valve = "[impala]\r\n# Gr\u00fc\u00dfe\nserver_host=lb.example.com\n"
    server = call(roles.read_roles, cluster, "hue", filter="type==HUE_SERVER").items[0]

    def items(name, value):
        return [cm_client.ApiConfig(name=name, value=value)]

    body = cm_client.ApiServiceConfig(items=items("hue_service_safety_valve", valve))
    call(services.update_service_config, cluster, "hue", message="by the client", body=body)
    group = server.role_config_group_ref.role_config_group_name
    body = cm_client.ApiConfigList(items=items("hue_server_hue_safety_valve", "[desktop]"))
    call(groups.update_config, cluster, group, "hue", message="by the client", body=body)
    call(roles.update_role_config, cluster, server.name, "hue", message="by the client", body=body)
    element = cm_client.ApiBatchRequestElement(
        method="GET", url="/api/v33/clusters/Cluster%201/services/hue/config", accept_type="application/json"
    )
    batch = call(cm_client.BatchResourceApi(client).execute, body=cm_client.ApiBatchRequest(items=[element]))
    seen["batch"] = [batch.success, batch.items[0].status_code]
    for attempt in range(200):
        stale = call(roles.read_role, cluster, server.name, "hue").config_staleness_status
        if stale != "FRESH":
            break
        time.sleep(0.05)
    seen["stale"] = stale
    restart(call, client, cluster, server.name, seen)
    process = cm_client.ProcessResourceApi(client)
    call(process.get_process, cluster, server.name, "hue")
    loaded = call(process.get_config_file, cluster, "hue_safety_valve.ini", server.name, "hue")
    call(process.get_config_file, cluster, "impala-conf/impalad_flags", server.name, "hue")
    seen["loaded"] = loaded == valve


def restart(call, client, cluster, server, seen):
    commands = cm_client.CommandsResourceApi(client)
    role_commands = cm_client.RoleCommandsResourceApi(client)
    services = cm_client.ServicesResourceApi(client)
    clusters = cm_client.ClustersResourceApi(client)
    roles = cm_client.RolesResourceApi(client)

    def wait(command):
        while command.active:
            time.sleep(0.05)
            # The client of v33 reads ids as floating-point numbers.
            command = call(commands.read_command, int(command.id))
        return command.success

    names = cm_client.ApiRoleNameList(items=[server, "nobody"])
    bulk = call(role_commands.restart_command, cluster, "hue", body=names)
    seen["errors"] = bulk.errors
    call(roles.list_active_commands, cluster, server, "hue", view="full")
    seen["restarted"] = wait(bulk.items[0])
    one = cm_client.ApiRoleNameList(items=[server])
    wait(call(role_commands.stop_command, cluster, "hue", body=one).items[0])
    wait(call(role_commands.start_command, cluster, "hue", body=one).items[0])
    seen["synchronous"] = call(roles.enter_maintenance_mode, cluster, server, "hue").id
    call(roles.exit_maintenance_mode, cluster, server, "hue")
    call(services.enter_maintenance_mode, cluster, "hue")
    call(services.exit_maintenance_mode, cluster, "hue")

    running = call(services.restart_command, cluster, "hue")
    call(services.list_active_commands, cluster, "hue")
    refused = call(services.restart_command, cluster, "hue")
    seen["refused"] = [refused.active, refused.success]
    call(commands.abort_command, int(running.id))
    wait(call(commands.retry, int(running.id)))
    wait(call(services.stop_command, cluster, "hue"))
    wait(call(services.start_command, cluster, "hue"))
    arguments = cm_client.ApiRollingRestartArgs(restart_role_types=["HUE_SERVER"])
    wait(call(services.rolling_restart, cluster, "hue", body=arguments))
    arguments = cm_client.ApiRestartClusterArgs(restart_only_stale_services=True, restart_service_names=["hue"])
    wait(call(clusters.restart_command, cluster, body=arguments))
    wait(call(clusters.refresh, cluster))
    wait(call(clusters.deploy_client_config, cluster))
    if hasattr(clusters, "deploy_client_configs_and_refresh"):
        wait(call(clusters.deploy_client_configs_and_refresh, cluster))


def refusals(call, given, client, cluster):
    services = cm_client.ServicesResourceApi(client)
    call.refused(404, services.read_services, "no such cluster")
    call.refused(404, services.read_service_config, cluster, "no such service")
    unknown = cm_client.ApiServiceConfig(items=[cm_client.ApiConfig(name="nonsense", value="1")])
    call.refused(400, services.update_service_config, cluster, "hue", body=unknown)
    stranger = cm_client.ServicesResourceApi(connect(given, "not " + given["password"]))
    call.refused(401, stranger.read_services, cluster)
    reader = cm_client.ServicesResourceApi(connect({**given, "user": "reader"}, given["password"]))
    call.refused(403, reader.update_service_config, cluster, "hue", body=cm_client.ApiServiceConfig(items=[]))


def main():
    given = json.load(sys.stdin)
    client = connect(given, given["password"])
    call = Caller(client)
    seen = {}
    cluster = discover(call, client, seen)
    change(call, client, cluster, seen)
    refusals(call, given, client, cluster)
    json.dump({"calls": call.calls, "problems": call.problems, "seen": seen}, sys.stdout)


main()
