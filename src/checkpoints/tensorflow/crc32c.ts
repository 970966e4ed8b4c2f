/** The checksum of TensorFlow's files: CRC-32 of the Castagnoli polynomial. @source RFC 3720, appendix B.4 */

/** `TABLES[k][b]`: the checksum of the byte b with k zero bytes after it. */
const TABLES: readonly Uint32Array[] = makeTables();

function makeTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
    return rest;
  });
  const tables = [first];
  for (let k = 1; k < 4; k++) {
    tables.push(Uint32Array.from(tables[k - 1], (value) => (value >>> 8) ^ first[value & 255]));
  }
  return tables;
}

function crc32c(bytes: Uint8Array): number {
  const [zero, one, two, three] = TABLES;
  let rest = 0xffffffff;
  let i = 0;
  // Four bytes a turn.
  for (; i + 4 <= bytes.length; i += 4) {
    const word = rest ^ (bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
    rest = three[word & 255] ^ two[(word >>> 8) & 255] ^ one[(word >>> 16) & 255] ^ zero[word >>> 24];
  }
  for (; i < bytes.length; i++) rest = (rest >>> 8) ^ zero[(rest ^ bytes[i]) & 255];
  return ~rest >>> 0;
}

/** The checksum as files store it: turned by 15 bits, so that the checksum of data with a checksum in it is no constant. */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
