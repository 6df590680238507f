"""A client that pools HiveServer2 connections as Hue's thrift_util does, on Python's Thrift.

hue_pool.py '{"host": ..., "port": ..., "auth": "nosasl" | "plain", "user": ..., "password": ..., "stack": "generated" | "impyla",
              "generated": FOLDER, "pool": 10, "users": 40, "queries": 5, "identity": STATEMENT, "column": 0}'

Prints "progress N" lines while it works and one line of JSON at the end. "stack" says whose generated code and SASL are used: the Thrift
compiler's from TCLIService.thrift with the transport below, or impyla's own.
"""

import json
import re
import select
import struct
import sys
import threading

config = json.loads(sys.argv[1])
if config["stack"] == "generated":
    sys.path.insert(0, config["generated"])
    from TCLIService import TCLIService, ttypes
else:
    from impala._thrift_api import get_transport
    from impala._thrift_gen.TCLIService import TCLIService, ttypes

from thrift.protocol.TBinaryProtocol import TBinaryProtocol
from thrift.transport.TSocket import TSocket
from thrift.transport.TTransport import TBufferedTransport, TTransportException

RETRIES = 3
SESSION_GONE = re.compile("Invalid SessionHandle|Invalid session|Client session expired|Session does not exist", re.I)


class SaslPlain:
    """Thrift's SASL framing with the mechanism PLAIN, START and the initial response sent together."""

    def __init__(self, socket, user, password):
        self.socket = socket
        self.user = user
        self.password = password
        self.read_buffer = b""
        self.write_buffer = b""

    def open(self):
        self.socket.open()
        login = ("\0%s\0%s" % (self.user, self.password)).encode()
        self.socket.write(struct.pack(">BI", 1, 5) + b"PLAIN" + struct.pack(">BI", 2, len(login)) + login)
        status, length = struct.unpack(">BI", self.exactly(5))
        message = self.exactly(length)
        if status != 5:
            raise TTransportException(TTransportException.NOT_OPEN, "SASL: %s" % message.decode())

    def exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.read(count - len(data))
            if not piece:
                raise TTransportException(TTransportException.END_OF_FILE, "read 0 bytes")
            data += piece
        return data

    def readAll(self, count):
        while len(self.read_buffer) < count:
            (length,) = struct.unpack(">I", self.exactly(4))
            self.read_buffer += self.exactly(length)
        data, self.read_buffer = self.read_buffer[:count], self.read_buffer[count:]
        return data

    def read(self, count):
        return self.readAll(count)

    def write(self, data):
        self.write_buffer += data

    def flush(self):
        data, self.write_buffer = self.write_buffer, b""
        self.socket.write(struct.pack(">I", len(data)) + data)

    def close(self):
        self.socket.close()

    def isOpen(self):
        return self.socket.isOpen()


class Connection:
    def __init__(self):
        self.socket = TSocket(config["host"], config["port"])
        self.socket.setTimeout(120_000)
        if config["stack"] == "impyla":
            auth = "NOSASL" if config["auth"] == "nosasl" else "PLAIN"
            self.transport = get_transport(
                self.socket, config["host"], None, auth, config.get("user"), config.get("password")
            )
        elif config["auth"] == "nosasl":
            self.transport = TBufferedTransport(self.socket)
        else:
            self.transport = SaslPlain(self.socket, config["user"], config["password"])
        self.transport.open()
        self.client = TCLIService.Client(TBinaryProtocol(self.transport))

    def stale(self):
        """Hue polls the socket: data or FIN between two calls means that it is of no use any more."""
        return bool(select.select([self.socket.handle], [], [], 0)[0])


class Pool:
    def __init__(self, size):
        self.free = [None] * size
        self.ready = threading.Condition()
        self.stats = {"calls": 0, "retries": 0, "reopened": 0, "timeouts": 0}

    def call(self, method, request):
        with self.ready:
            while not self.free:
                self.ready.wait()
            connection = self.free.pop()
            self.stats["calls"] += 1
        try:
            for attempt in range(RETRIES + 1):
                try:
                    if connection is not None and connection.stale():
                        self.stats["reopened"] += 1
                        connection.transport.close()
                        connection = None
                    connection = connection or Connection()
                    return getattr(connection.client, method)(request)
                except (TTransportException, OSError) as error:
                    if connection is not None:
                        connection.transport.close()
                    connection = None
                    if getattr(error, "type", None) == TTransportException.TIMED_OUT:
                        self.stats["timeouts"] += 1
                        raise
                    if attempt == RETRIES:
                        raise
                    self.stats["retries"] += 1
        except BaseException:
            connection = None
            raise
        finally:
            with self.ready:
                self.free.append(connection)
                self.ready.notify()


class Refused(Exception):
    pass


pool = Pool(config["pool"])
lock = threading.Lock()
result = {"succeeded": 0, "failures": [], "reopenedSessions": 0, "servers": {}}


def checked(method, request):
    response = pool.call(method, request)
    if response.status.statusCode >= ttypes.TStatusCode.ERROR_STATUS:
        raise Refused("%s: %s" % (method, response.status.errorMessage or response.status.infoMessages))
    return response


def execute(session, statement):
    operation = checked(
        "ExecuteStatement", ttypes.TExecuteStatementReq(session, statement, runAsync=True)
    ).operationHandle
    while True:
        state = checked("GetOperationStatus", ttypes.TGetOperationStatusReq(operation)).operationState
        if state == ttypes.TOperationState.FINISHED_STATE:
            break
        if state not in (0, 1, 7):  # initialized, running, pending
            raise Refused("operation state %s" % state)
        threading.Event().wait(0.01)
    rows = []
    while True:
        page = checked("FetchResults", ttypes.TFetchResultsReq(operation, 0, 100)).results
        columns = [[text_of(value) for value in column.stringVal.values] for column in page.columns]
        if not columns or not columns[0]:
            break
        rows.extend(zip(*columns))
    checked("CloseOperation", ttypes.TCloseOperationReq(operation))
    return rows


def text_of(value):
    """impyla's generated code leaves strings as bytes."""
    return value.decode() if isinstance(value, bytes) else value


def user(number):
    session = server = None
    for query in range(config["queries"]):
        text = "user %d query %d" % (number, query)
        try:
            for attempt in range(2):
                try:
                    if session is None:
                        session = checked("OpenSession", ttypes.TOpenSessionReq(5, username="hue")).sessionHandle
                        server = execute(session, config["identity"])[0][config["column"]]
                        with lock:
                            result["servers"][server] = result["servers"].get(server, 0) + 1
                    rows = execute(session, "select '%s'" % text)
                    break
                except Refused as error:
                    if attempt == 1 or not SESSION_GONE.search(str(error)):
                        raise
                    session = None
                    result["reopenedSessions"] += 1
            if rows != [(text,)]:
                raise Refused("wrong rows %r" % rows)
            with lock:
                result["succeeded"] += 1
                if result["succeeded"] % 10 == 0:
                    print("progress %d" % result["succeeded"], flush=True)
        except (Refused, TTransportException, OSError) as error:
            with lock:
                result["failures"].append({"server": server, "error": str(error)[:300]})
    # Every tenth user leaves without a word.
    if session is not None and number % 10 != 9:
        try:
            checked("CloseSession", ttypes.TCloseSessionReq(session))
        except (Refused, TTransportException, OSError) as error:
            with lock:
                result["failures"].append({"server": server, "error": "close: %s" % str(error)[:300]})


threads = [threading.Thread(target=user, args=(number,)) for number in range(config["users"])]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(json.dumps({**result, **pool.stats}), flush=True)
