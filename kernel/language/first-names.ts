// Written by npm run language:names.
import type { FirstNames } from "./first-answers.js";

/** What completion offers before TypeScript is loaded: names of the platform, members of some, magics. */
export const FIRST_NAMES: FirstNames = {
  globals: {
    variable:
      "AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Blob Boolean BroadcastChannel Buffer ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy CustomEvent DOMException DataView Date DecompressionStream DisposableStack Error EvalError Event EventSource EventTarget File FinalizationRegistry Float32Array Float64Array FormData Function Headers Infinity Int16Array Int32Array Int8Array JSON Map Math MessageChannel MessageEvent MessagePort NaN Number Object PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming Promise Proxy RangeError ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader ReferenceError RegExp Request Response Set SharedArrayBuffer String SuppressedError Symbol SyntaxError TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebSocket WritableStream WritableStreamDefaultController WritableStreamDefaultWriter _ console crypto exports gc global module performance process require undefined",
    module: "Intl Reflect WebAssembly",
    constant: "Out comms widgets",
    keyword:
      "abstract any as asserts async await bigint boolean break case catch class const continue debugger declare default delete do else enum export extends false finally for function if implements import in infer instanceof interface keyof let module namespace never new null number object package readonly return satisfies string super switch symbol this throw true try type typeof unique unknown using var void while with yield",
    function:
      "atob btoa clear clearImmediate clearInterval clearOutput clearTimeout decodeURI decodeURIComponent display encodeURI encodeURIComponent eval fetch html image input isFinite isNaN md page parseFloat parseInt progress prompt queueMicrotask setImmediate setInterval setNextInput setTimeout structuredClone svg updateDisplay escape unescape",
  },
  members: {
    AbortController: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    AbortSignal: {
      method: "abort any apply bind call timeout toString",
      property: "arguments caller length name prototype",
    },
    AggregateError: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    Array: {
      method: "apply bind call from isArray of toString",
      property: "arguments caller length name prototype",
    },
    ArrayBuffer: {
      method: "apply bind call isView toString",
      property: "arguments caller length name prototype",
    },
    AsyncDisposableStack: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    Atomics: { method: "add and compareExchange exchange isLockFree load notify or store sub wait xor" },
    BigInt: {
      method: "apply asIntN asUintN bind call toString",
      property: "arguments caller length name prototype",
    },
    BigInt64Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    BigUint64Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    Blob: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    Boolean: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    BroadcastChannel: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    Buffer: {
      method:
        "alloc allocUnsafe allocUnsafeSlow apply bind byteLength call compare concat copyBytesFrom from isBuffer isEncoding of toString",
      property: "arguments caller length name poolSize prototype",
    },
    ByteLengthQueuingStrategy: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    CompressionStream: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    CountQueuingStrategy: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    CustomEvent: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    DOMException: {
      property:
        "ABORT_ERR DATA_CLONE_ERR DOMSTRING_SIZE_ERR HIERARCHY_REQUEST_ERR INDEX_SIZE_ERR INUSE_ATTRIBUTE_ERR INVALID_ACCESS_ERR INVALID_CHARACTER_ERR INVALID_MODIFICATION_ERR INVALID_NODE_TYPE_ERR INVALID_STATE_ERR NAMESPACE_ERR NETWORK_ERR NOT_FOUND_ERR NOT_SUPPORTED_ERR NO_DATA_ALLOWED_ERR NO_MODIFICATION_ALLOWED_ERR QUOTA_EXCEEDED_ERR SECURITY_ERR SYNTAX_ERR TIMEOUT_ERR TYPE_MISMATCH_ERR URL_MISMATCH_ERR VALIDATION_ERR WRONG_DOCUMENT_ERR arguments caller length name prototype",
      method: "apply bind call toString",
    },
    DataView: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    Date: {
      method: "UTC apply bind call now parse toString",
      property: "arguments caller length name prototype",
    },
    DecompressionStream: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    DisposableStack: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    Error: {
      method: "apply bind call captureStackTrace prepareStackTrace toString",
      property: "arguments caller length name prototype stackTraceLimit",
    },
    EvalError: {
      method: "apply bind call captureStackTrace prepareStackTrace toString",
      property: "arguments caller length name prototype stackTraceLimit",
    },
    Event: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    EventSource: {
      property: "CLOSED CONNECTING OPEN arguments caller length name prototype",
      method: "apply bind call toString",
    },
    EventTarget: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    File: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    FinalizationRegistry: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    Float32Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    Float64Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    FormData: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    Function: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    Headers: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    Infinity: { method: "toExponential toFixed toLocaleString toPrecision toString valueOf" },
    Int16Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    Int32Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    Int8Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    Intl: {
      variable: "Collator DateTimeFormat NumberFormat",
      constant: "DisplayNames ListFormat Locale PluralRules RelativeTimeFormat Segmenter",
      function: "getCanonicalLocales supportedValuesOf",
    },
    JSON: { method: "parse stringify" },
    Map: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    Math: {
      property: "E LN10 LN2 LOG10E LOG2E PI SQRT1_2 SQRT2",
      method:
        "abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2 max min pow random round sign sin sinh sqrt tan tanh trunc",
    },
    MessageChannel: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    MessageEvent: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    MessagePort: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    NaN: { method: "toExponential toFixed toLocaleString toPrecision toString valueOf" },
    Number: {
      property:
        "EPSILON MAX_SAFE_INTEGER MAX_VALUE MIN_SAFE_INTEGER MIN_VALUE NEGATIVE_INFINITY NaN POSITIVE_INFINITY arguments caller length name prototype",
      method: "apply bind call isFinite isInteger isNaN isSafeInteger parseFloat parseInt toString",
    },
    Object: {
      method:
        "apply assign bind call create defineProperties defineProperty entries freeze fromEntries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols getPrototypeOf hasOwn is isExtensible isFrozen isSealed keys preventExtensions seal setPrototypeOf toString values",
      property: "arguments caller length name prototype",
    },
    PerformanceEntry: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    PerformanceMark: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    PerformanceMeasure: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    PerformanceObserver: {
      method: "bind apply call toString",
      property: "arguments caller length name prototype",
    },
    PerformanceObserverEntryList: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    PerformanceResourceTiming: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    Promise: {
      method: "all allSettled any apply bind call race reject resolve toString",
      property: "arguments caller length name prototype",
    },
    Proxy: {
      method: "apply bind call revocable toString",
      property: "arguments caller length name prototype",
    },
    RangeError: {
      method: "apply bind call captureStackTrace prepareStackTrace toString",
      property: "arguments caller length name prototype stackTraceLimit",
    },
    ReadableByteStreamController: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    ReadableStream: {
      method: "apply bind call from toString",
      property: "arguments caller length name prototype",
    },
    ReadableStreamBYOBReader: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    ReadableStreamBYOBRequest: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    ReadableStreamDefaultController: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    ReadableStreamDefaultReader: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    ReferenceError: {
      method: "apply bind call captureStackTrace prepareStackTrace toString",
      property: "arguments caller length name prototype stackTraceLimit",
    },
    Reflect: {
      function:
        "apply construct defineProperty deleteProperty get getOwnPropertyDescriptor getPrototypeOf has isExtensible ownKeys preventExtensions set setPrototypeOf",
    },
    RegExp: {
      method: "apply bind call toString",
      property:
        "arguments caller length name prototype $1 $2 $3 $4 $5 $6 $7 $8 $9 $_ input lastMatch lastParen leftContext rightContext",
    },
    Request: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    Response: {
      method: "error json redirect apply bind call toString",
      property: "arguments caller length name prototype",
    },
    Set: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    SharedArrayBuffer: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    String: {
      method: "apply bind call fromCharCode fromCodePoint raw toString",
      property: "arguments caller length name prototype",
    },
    SuppressedError: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    Symbol: {
      method: "apply bind call for keyFor toString",
      property:
        "arguments asyncDispose asyncIterator caller dispose hasInstance isConcatSpreadable iterator length match matchAll metadata name prototype replace search species split toPrimitive toStringTag unscopables",
    },
    SyntaxError: {
      method: "apply bind call captureStackTrace prepareStackTrace toString",
      property: "arguments caller length name prototype stackTraceLimit",
    },
    TextDecoder: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    TextDecoderStream: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    TextEncoder: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    TextEncoderStream: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    TransformStream: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    TransformStreamDefaultController: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    TypeError: {
      method: "apply bind call captureStackTrace prepareStackTrace toString",
      property: "arguments caller length name prototype stackTraceLimit",
    },
    URIError: {
      method: "apply bind call captureStackTrace prepareStackTrace toString",
      property: "arguments caller length name prototype stackTraceLimit",
    },
    URL: {
      method: "canParse createObjectURL parse revokeObjectURL apply bind call toString",
      property: "arguments caller length name prototype",
    },
    URLSearchParams: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    Uint16Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    Uint32Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    Uint8Array: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    Uint8ClampedArray: {
      property: "BYTES_PER_ELEMENT arguments caller length name prototype",
      method: "apply bind call from of toString",
    },
    WeakMap: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    WeakRef: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    WeakSet: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    WebAssembly: {
      constant: "CompileError Global Instance LinkError Memory Module RuntimeError Table",
      function: "compile compileStreaming instantiate instantiateStreaming validate",
    },
    WebSocket: {
      property: "CLOSED CLOSING CONNECTING OPEN arguments caller length name prototype",
      method: "apply bind call toString",
    },
    WritableStream: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    WritableStreamDefaultController: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    WritableStreamDefaultWriter: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    atob: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    btoa: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    clear: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    clearImmediate: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    clearInterval: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    clearOutput: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    clearTimeout: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    comms: { method: "open registerTarget unregisterTarget" },
    console: {
      property: "Console",
      method:
        "assert clear count countReset debug dir dirxml error group groupCollapsed groupEnd info log profile profileEnd table time timeEnd timeLog timeStamp trace warn",
    },
    crypto: { property: "CryptoKey subtle", method: "getRandomValues randomUUID" },
    decodeURI: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    decodeURIComponent: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    display: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    encodeURI: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    encodeURIComponent: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    eval: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    fetch: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    gc: {
      method: "?.apply ?.bind ?.call ?.toString",
      property: "?.arguments ?.caller ?.length ?.name ?.prototype",
      variable: "?.[Symbol]",
    },
    global: {
      variable:
        "AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Blob Boolean BroadcastChannel Buffer ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy CustomEvent DOMException DataView Date DecompressionStream DisposableStack Error EvalError Event EventSource EventTarget File FinalizationRegistry Float32Array Float64Array FormData Function Headers Infinity Int16Array Int32Array Int8Array JSON Map Math MessageChannel MessageEvent MessagePort NaN Number Object PerformanceEntry PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming Promise Proxy RangeError ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ReadableStreamDefaultReader ReferenceError RegExp Request Response Set SharedArrayBuffer String SuppressedError Symbol SyntaxError TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController TypeError URIError URL URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebSocket WritableStream WritableStreamDefaultController WritableStreamDefaultWriter console crypto exports gc global module performance process require undefined",
      module: "Intl Reflect WebAssembly",
      function:
        "atob btoa clear clearImmediate clearInterval clearOutput clearTimeout decodeURI decodeURIComponent display encodeURI encodeURIComponent eval fetch html image input isFinite isNaN md page parseFloat parseInt progress prompt queueMicrotask setImmediate setInterval setNextInput setTimeout structuredClone svg updateDisplay escape unescape",
    },
    html: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    image: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    input: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    isFinite: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    isNaN: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    md: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    module: {
      property: "children exports filename id isPreloading loaded path paths parent",
      method: "require",
    },
    page: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    parseFloat: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    parseInt: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    performance: {
      method:
        "clearMarks clearMeasures clearResourceTimings getEntries getEntriesByName getEntriesByType mark markResourceTiming measure now setResourceTimingBufferSize timerify toJSON",
      property: "eventLoopUtilization nodeTiming timeOrigin",
    },
    process: {
      method:
        "abort addListener availableMemory chdir constrainedMemory cpuUsage cwd disconnect dlopen emit emitWarning eventNames exit getActiveResourcesInfo getBuiltinModule getMaxListeners hasUncaughtExceptionCaptureCallback kill listenerCount listeners loadEnvFile nextTick off on once prependListener prependOnceListener rawListeners removeAllListeners removeListener resourceUsage send setMaxListeners setSourceMapsEnabled setUncaughtExceptionCaptureCallback umask uptime",
      property:
        "allowedNodeEnvironmentFlags arch argv argv0 channel config connected debugPort env execArgv execPath exitCode features getegid geteuid getgid getgroups getuid hrtime memoryUsage noDeprecation permission pid platform ppid release report setegid seteuid setgid setgroups setuid sourceMapsEnabled stderr stdin stdout throwDeprecation title traceDeprecation version versions mainModule",
    },
    progress: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    prompt: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    queueMicrotask: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    require: {
      method: "apply bind call toString",
      property: "arguments cache caller length main name prototype resolve extensions",
    },
    setImmediate: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    setInterval: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    setNextInput: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    setTimeout: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    structuredClone: {
      method: "apply bind call toString",
      property: "arguments caller length name prototype",
    },
    svg: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    updateDisplay: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    widgets: { method: "button checkbox dropdown floatSlider hbox html intSlider text vbox" },
    escape: { method: "apply bind call toString", property: "arguments caller length name prototype" },
    unescape: { method: "apply bind call toString", property: "arguments caller length name prototype" },
  },
  instances: {
    string: {
      method:
        "at charAt charCodeAt codePointAt concat endsWith includes indexOf lastIndexOf localeCompare match matchAll normalize padEnd padStart repeat replace replaceAll search slice split startsWith substring toLocaleLowerCase toLocaleUpperCase toLowerCase toString toUpperCase trim trimEnd trimStart valueOf anchor big blink bold fixed fontcolor fontsize italics link small strike sub substr sup trimLeft trimRight",
      property: "length",
    },
    number: { method: "toExponential toFixed toLocaleString toPrecision toString valueOf" },
    boolean: { method: "valueOf" },
    bigint: { method: "toLocaleString toString valueOf" },
    Array: {
      method:
        "at concat copyWithin entries every fill filter find findIndex findLast findLastIndex flat flatMap forEach includes indexOf join keys lastIndexOf map pop push reduce reduceRight reverse shift slice some sort splice toLocaleString toReversed toSorted toSpliced toString unshift values with",
      property: "length",
    },
    Promise: { method: "catch finally then" },
    Map: { method: "clear delete entries forEach get has keys set values", property: "size" },
    Set: { method: "add clear delete entries forEach has keys values", property: "size" },
    RegExp: {
      property: "dotAll flags global hasIndices ignoreCase lastIndex multiline source sticky unicode",
      method: "exec test compile",
    },
    Date: {
      method:
        "getDate getDay getFullYear getHours getMilliseconds getMinutes getMonth getSeconds getTime getTimezoneOffset getUTCDate getUTCDay getUTCFullYear getUTCHours getUTCMilliseconds getUTCMinutes getUTCMonth getUTCSeconds setDate setFullYear setHours setMilliseconds setMinutes setMonth setSeconds setTime setUTCDate setUTCFullYear setUTCHours setUTCMilliseconds setUTCMinutes setUTCMonth setUTCSeconds toDateString toISOString toJSON toLocaleDateString toLocaleString toLocaleTimeString toString toTimeString toUTCString valueOf",
    },
    URL: {
      property: "hash host hostname href origin password pathname port protocol search searchParams username",
      method: "toJSON toString",
    },
    Uint8Array: {
      property: "BYTES_PER_ELEMENT buffer byteLength byteOffset length",
      method:
        "at copyWithin entries every fill filter find findIndex findLast findLastIndex forEach includes indexOf join keys lastIndexOf map reduce reduceRight reverse set slice some sort subarray toLocaleString toReversed toSorted toString valueOf values with",
    },
    Float32Array: {
      property: "BYTES_PER_ELEMENT buffer byteLength byteOffset length",
      method:
        "at copyWithin entries every fill filter find findIndex findLast findLastIndex forEach includes indexOf join keys lastIndexOf map reduce reduceRight reverse set slice some sort subarray toLocaleString toReversed toSorted toString valueOf values with",
    },
    Float64Array: {
      property: "BYTES_PER_ELEMENT buffer byteLength byteOffset length",
      method:
        "at copyWithin entries every fill filter find findIndex findLast findLastIndex forEach includes indexOf join keys lastIndexOf map reduce reduceRight reverse set slice some sort subarray toLocaleString toReversed toSorted toString valueOf values with",
    },
    Error: { property: "cause message name stack" },
    Buffer: {
      property: "BYTES_PER_ELEMENT buffer byteLength byteOffset length",
      method:
        "at compare copy copyWithin entries equals every fill filter find findIndex findLast findLastIndex forEach includes indexOf join keys lastIndexOf map readBigInt64BE readBigInt64LE readBigUInt64BE readBigUInt64LE readBigUint64BE readBigUint64LE readDoubleBE readDoubleLE readFloatBE readFloatLE readInt16BE readInt16LE readInt32BE readInt32LE readInt8 readIntBE readIntLE readUInt16BE readUInt16LE readUInt32BE readUInt32LE readUInt8 readUIntBE readUIntLE readUint16BE readUint16LE readUint32BE readUint32LE readUint8 readUintBE readUintLE reduce reduceRight reverse set some sort subarray swap16 swap32 swap64 toJSON toLocaleString toReversed toSorted toString valueOf values with write writeBigInt64BE writeBigInt64LE writeBigUInt64BE writeBigUInt64LE writeBigUint64BE writeBigUint64LE writeDoubleBE writeDoubleLE writeFloatBE writeFloatLE writeInt16BE writeInt16LE writeInt32BE writeInt32LE writeInt8 writeIntBE writeIntLE writeUInt16BE writeUInt16LE writeUInt32BE writeUInt32LE writeUInt8 writeUIntBE writeUIntLE writeUint16BE writeUint16LE writeUint32BE writeUint32LE writeUint8 writeUintBE writeUintLE slice",
    },
  },
  magics: [
    {
      name: "autoreload",
      kinds: ["line"],
      arguments: [{ name: "WHEN", type: "word", choices: ["on", "off", "0", "1", "2"] }],
    },
    {
      name: "backend",
      kinds: ["line"],
      arguments: [
        { name: "NAME", type: "word", choices: ["cuda", "webgpu", "native", "wasm", "cpu"] },
        { name: "--compiled", type: "word", choices: ["on", "off"] },
      ],
    },
    { name: "bash", kinds: ["line", "cell"], arguments: [{ name: "COMMAND", type: "rest" }] },
    {
      name: "compare",
      kinds: ["line"],
      arguments: [
        { name: "WHAT", type: "path" },
        { name: "OTHER", type: "identifier" },
        { name: "--model", type: "identifier" },
        { name: "--input", type: "identifier" },
        { name: "--tolerance", type: "number" },
      ],
    },
    {
      name: "environment",
      kinds: ["line"],
      arguments: [
        { name: "PATH", type: "path" },
        { name: "--out", type: "path" },
      ],
    },
    { name: "explain", kinds: ["line"], arguments: [{ name: "CODE", type: "word" }] },
    {
      name: "load_model",
      kinds: ["line"],
      arguments: [
        { name: "PATH", type: "path" },
        { name: "--as", type: "identifier" },
        { name: "--session", type: "identifier" },
        { name: "--recipe", type: "path" },
        { name: "--no-compile", type: "flag" },
        { name: "--no-optimizer", type: "flag" },
        { name: "--ask", type: "flag" },
        { name: "--step", type: "flag" },
      ],
    },
    { name: "lsmagic", kinds: ["line"], arguments: [] },
    { name: "memory", kinds: ["line"], arguments: [] },
    { name: "model_graph", kinds: ["line"], arguments: [{ name: "VARIABLE", type: "identifier" }] },
    {
      name: "npm",
      kinds: ["line"],
      arguments: [
        { name: "COMMAND", type: "word" },
        { name: "PACKAGES", type: "rest" },
      ],
    },
    { name: "profile", kinds: ["line", "cell"], arguments: [{ name: "CODE", type: "rest" }] },
    {
      name: "register_custom",
      kinds: ["line", "cell"],
      arguments: [
        { name: "NAME", type: "word" },
        { name: "EXPRESSION", type: "rest" },
        {
          name: "--kind",
          type: "word",
          choices: [
            "activation",
            "loss",
            "metric",
            "initializer",
            "op",
            "regularizer",
            "constraint",
            "optimizer",
            "schedule",
          ],
        },
        { name: "--supports-masking", type: "flag" },
        { name: "--from", type: "path" },
        { name: "--known", type: "word" },
        { name: "--list", type: "flag" },
        { name: "--remove", type: "flag" },
      ],
    },
    {
      name: "save_model",
      kinds: ["line"],
      arguments: [
        { name: "PATH", type: "path" },
        { name: "--model", type: "identifier" },
        { name: "--overwrite", type: "flag" },
      ],
    },
    {
      name: "step",
      kinds: ["line"],
      arguments: [
        { name: "--of", type: "word" },
        {
          name: "ACTION",
          type: "word",
          choices: ["show", "retry", "undo", "skip", "abort", "fix", "to", "save", "draft"],
        },
        { name: "WHAT", type: "rest" },
      ],
    },
    { name: "summary", kinds: ["line"], arguments: [{ name: "VARIABLE", type: "identifier" }] },
    { name: "time", kinds: ["line", "cell"], arguments: [{ name: "CODE", type: "rest" }] },
    {
      name: "timeit",
      kinds: ["line", "cell"],
      arguments: [
        { name: "-n", type: "number" },
        { name: "-r", type: "number" },
        { name: "CODE", type: "rest" },
      ],
    },
    {
      name: "typecheck",
      kinds: ["line"],
      arguments: [{ name: "MODE", type: "word", choices: ["warn", "strict", "off"] }],
    },
    { name: "whos", kinds: ["line"], arguments: [{ name: "TYPE", type: "rest" }] },
  ],
};
