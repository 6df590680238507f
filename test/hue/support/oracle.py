"""Reads documents with the real ConfigObj, as Hue does: one JSON request per line, one JSON answer per line."""
import base64
import io
import json
import sys

from configobj import ConfigObj, ConfigObjError, InterpolationError


def raw(section):
    """The tree as written, without interpolation."""
    tree = {}
    for name in dict.keys(section):
        value = dict.__getitem__(section, name)
        tree[name] = raw(value) if isinstance(value, dict) else value
    return tree


def load(encoded):
    return ConfigObj(io.BytesIO(base64.b64decode(encoded)).readlines())


def parse(encoded):
    try:
        return {"tree": raw(load(encoded))}
    except ConfigObjError as error:
        return {"problems": [[type(e).__name__, e.line_number, e.msg] for e in error.errors]}
    except (UnicodeError, LookupError) as error:
        return {"problems": [[type(error).__name__, None, str(error)]]}


def read(encoded):
    """Every value as Hue reads it, interpolated: [path, value or null, error name or null]."""
    found = []

    def walk(section, path):
        for name in section.scalars:
            try:
                found.append([path + [name], section[name], None])
            except InterpolationError as error:
                found.append([path + [name], None, type(error).__name__])
        for name in section.sections:
            walk(section[name], path + [name])

    walk(load(encoded), [])
    return found


ACTIONS = {"parse": parse, "read": read}

for line in sys.stdin:
    request = json.loads(line)
    action = ACTIONS[request["action"]]
    sys.stdout.write(json.dumps([action(document) for document in request["documents"]]) + "\n")
    sys.stdout.flush()
