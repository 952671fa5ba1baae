// @ts-check
// Lists what a ZIP file holds, from its central directory. Enough for packages of this size: no ZIP64, no split archives.
// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.12 and 4.3.16.

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const endLength = 22;
const entryLength = 46;

/**
 * @param {Buffer} zip
 * @returns {Array<{ name: string, bytes: number, packedBytes: number }>} In the archive's order.
 */
export function listZip(zip) {
  // The end record is followed by a comment of at most 64 kB.
  let end = zip.length - endLength;
  while (end >= 0 && zip.readUInt32LE(end) !== endOfDirectory) end--;
  if (end < 0) throw new Error('This is not a ZIP file: it has no end of central directory record.');
  const entries = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    if (zip.readUInt32LE(at) !== directoryEntry) throw new Error(`The ZIP file's directory is damaged at byte ${at}.`);
    const nameLength = zip.readUInt16LE(at + 28);
    entries.push({
      name: zip.toString('utf8', at + entryLength, at + entryLength + nameLength),
      packedBytes: zip.readUInt32LE(at + 20),
      bytes: zip.readUInt32LE(at + 24),
    });
    at += entryLength + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}
