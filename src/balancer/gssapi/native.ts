import { createRequire } from "node:module";
import { messageOf } from "../../domain/failure.ts";
import { balancerKerberosFailure, KERBEROS_PARTS } from "../../messages/failures/balancer/kerberos.ts";

/** MIT Kerberos, which every host of a Kerberos cluster has (packages krb5-libs, libgssapi-krb5-2). */
const LIBRARY = "libgssapi_krb5.so.2";
/** As in package.json: koffi's machine code, without the package that wants to build it. */
const KOFFI_VERSION = "3.3.4";

/** An address of the library's memory. */
export type Pointer = bigint | null;
/** A value that a call sets. */
export type Out<T> = [T];
/** `gss_buffer_desc`: bytes of ours (`value` a Buffer), or of the library. */
export interface NativeBuffer {
  readonly length: number | bigint;
  readonly value: Buffer | Pointer;
}
/** `gss_OID_desc` */
export interface NativeOid {
  readonly length: number;
  readonly elements: Buffer;
}

/** A function of the library, called at once or on a thread of the pool. */
export interface NativeFunction {
  (...values: readonly unknown[]): number;
  async(...values: readonly unknown[]): void;
}

/** What is used of koffi (https://koffi.dev). */
interface Koffi {
  load(path: string): { func(name: string, result: unknown, values: readonly unknown[]): NativeFunction };
  struct(members: Record<string, unknown>): unknown;
  pointer(type: unknown): unknown;
  out(type: unknown): unknown;
  inout(type: unknown): unknown;
  decode(pointer: Pointer, type: unknown): unknown;
}

/** The functions of RFC 2744, 5, and of MIT's extension for credentials out of a named keytab. */
export interface Native {
  readonly acquireCredFrom: NativeFunction;
  readonly acceptSecContext: NativeFunction;
  readonly initSecContext: NativeFunction;
  readonly deleteSecContext: NativeFunction;
  readonly displayName: NativeFunction;
  readonly displayStatus: NativeFunction;
  readonly importName: NativeFunction;
  readonly releaseBuffer: NativeFunction;
  readonly releaseCred: NativeFunction;
  readonly releaseName: NativeFunction;
  readonly unwrap: NativeFunction;
  readonly wrap: NativeFunction;
  readonly wrapSizeLimit: NativeFunction;
  /** Copies bytes of the library, which may release them then. */
  copy(from: Pointer, length: number): Buffer;
  /** The bytes of an object identifier of the library. */
  oidAt(at: Pointer): Buffer;
}

let loaded: Native | undefined;

/**
 * The system's GSSAPI library, loaded when Kerberos is first needed and never before.
 * @throws Failure `settings`, code `kerberos-parts`: koffi or the library is not installed
 */
export function nativeGssapi(): Native {
  loaded ??= bind(loadKoffi());
  return loaded;
}

function loadKoffi(): Koffi {
  const name = `@koromix/koffi-linux-${process.arch}`;
  try {
    return createRequire(import.meta.url)(name) as Koffi;
  } catch (error) {
    const [reason = ""] = messageOf(error).split("\n");
    throw balancerKerberosFailure("kerberos-parts", {
      ...KERBEROS_PARTS.koffi(`${name}@${KOFFI_VERSION}`),
      reason,
    });
  }
}

function bind(koffi: Koffi): Native {
  const library = openLibrary(koffi);
  const buffer = koffi.struct({ length: "size_t", value: "void *" });
  const oid = koffi.struct({ length: "uint32_t", elements: "void *" });
  const pair = koffi.struct({ key: "const char *", value: "const char *" });
  const store = koffi.struct({ count: "uint32_t", elements: koffi.pointer(pair) });
  const oidSet = koffi.struct({ count: "size_t", elements: koffi.pointer(oid) });
  const [bytes, filled, identifier] = [
    koffi.pointer(buffer),
    koffi.out(koffi.pointer(buffer)),
    koffi.pointer(oid),
  ];
  const number = koffi.out("uint32_t *");
  const handle = "void *";
  const [made, changed] = [koffi.out("void **"), koffi.inout("void **")];
  const call = (name: string, ...values: unknown[]): NativeFunction =>
    library.func(`gss_${name}`, "uint32_t", [number, ...values]);
  const memcpy = library.func("memcpy", "void *", [handle, handle, "size_t"]);
  const copy = (from: Pointer, length: number): Buffer => {
    const target = Buffer.allocUnsafe(length);
    if (from !== null && length > 0) memcpy(target, from, length);
    return target;
  };
  return {
    acquireCredFrom: call(
      "acquire_cred_from",
      ...[handle, "uint32_t", koffi.pointer(oidSet), "int", koffi.pointer(store), made, handle, number],
    ),
    acceptSecContext: call(
      "accept_sec_context",
      ...[changed, handle, bytes, handle, made, made, filled, number, number, made],
    ),
    initSecContext: call(
      "init_sec_context",
      ...[
        handle,
        changed,
        handle,
        identifier,
        "uint32_t",
        "uint32_t",
        handle,
        bytes,
        handle,
        filled,
        number,
        number,
      ],
    ),
    deleteSecContext: call("delete_sec_context", changed, handle),
    displayName: call("display_name", handle, filled, made),
    displayStatus: call("display_status", "uint32_t", "int", identifier, koffi.inout("uint32_t *"), filled),
    importName: call("import_name", bytes, identifier, made),
    releaseBuffer: call("release_buffer", koffi.inout(koffi.pointer(buffer))),
    releaseCred: call("release_cred", changed),
    releaseName: call("release_name", changed),
    unwrap: call("unwrap", handle, bytes, filled, koffi.out("int *"), number),
    wrap: call("wrap", handle, "int", "uint32_t", bytes, koffi.out("int *"), filled),
    wrapSizeLimit: call("wrap_size_limit", handle, "int", "uint32_t", "uint32_t", number),
    copy,
    oidAt: (at) => {
      if (at === null) return Buffer.alloc(0);
      const { length, elements } = koffi.decode(at, oid) as { length: number; elements: Pointer };
      return copy(elements, length);
    },
  };
}

function openLibrary(koffi: Koffi): ReturnType<Koffi["load"]> {
  try {
    return koffi.load(LIBRARY);
  } catch (error) {
    throw balancerKerberosFailure("kerberos-parts", { ...KERBEROS_PARTS.library, reason: messageOf(error) });
  }
}
