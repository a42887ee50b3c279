/** Writes a protobuf message as bytes (protobuf.dev, encoding), as long as it becomes. */
export class WireWriter {
  private bytes = new Uint8Array(1 << 16);
  private view = new DataView(this.bytes.buffer);
  length = 0;

  /** What was written, not copied. */
  written(length = this.length): Uint8Array {
    return this.bytes.subarray(0, length);
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.grow(1);
    this.bytes[this.length++] = value;
  }

  tag(field: number, wire: 0 | 1 | 2 | 5): void {
    this.varint(field * 8 + wire);
  }

  /** @param value a whole number; what does not fit a number exactly, or is negative, as 64 bits */
  varint(value: number | bigint): void {
    let rest = value;
    if (typeof rest === "bigint" || rest < 0) rest = BigInt.asUintN(64, BigInt(rest));
    if (typeof rest === "bigint") {
      for (; rest >= 128n; rest >>= 7n) this.byte(Number(rest & 127n) | 0x80);
      return this.byte(Number(rest));
    }
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 0x80);
    this.byte(rest);
  }

  float(value: number): void {
    this.room(4);
    this.view.setFloat32(this.length - 4, value, true);
  }

  double(value: number): void {
    this.room(8);
    this.view.setFloat64(this.length - 8, value, true);
  }

  fixed32(value: number | bigint): void {
    this.room(4);
    this.view.setUint32(this.length - 4, Number(BigInt.asUintN(32, BigInt(value))), true);
  }

  fixed64(value: number | bigint): void {
    this.room(8);
    this.view.setBigUint64(this.length - 8, BigInt.asUintN(64, BigInt(value)), true);
  }

  /** A character as UTF-8. */
  character(code: number): void {
    if (code < 0x80) return this.byte(code);
    for (const byte of Buffer.from(String.fromCodePoint(code))) this.byte(byte);
  }

  /** Makes room for the length of what follows, in five bytes whatever it is. @returns where, for `end` */
  begin(): number {
    this.room(5);
    return this.length;
  }

  /** Writes the length of all since `begin`. */
  end(start: number): void {
    let rest = this.length - start;
    for (let at = start - 5; at < start; at++, rest = Math.floor(rest / 128))
      this.bytes[at] = (rest % 128) | (at < start - 1 ? 0x80 : 0);
  }

  private room(count: number): void {
    if (this.length + count > this.bytes.length) this.grow(count);
    this.length += count;
  }

  private grow(count: number): void {
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}
