/** Segments sent by the real AWS SDK to what plays X-Ray. */
import { PutTraceSegmentsCommand, XRayClient } from '@aws-sdk/client-xray';

export const region = 'eu-central-1';
const credentials = { accessKeyId: 'AKIDTEST', secretAccessKey: 'secret' };

/** Documents of one request: as many as X-Ray takes. */
const PER_REQUEST = 50;

export async function putSegments(endpoint: string, documents: readonly object[]): Promise<void> {
  const client = new XRayClient({ region, endpoint, credentials });
  for (let at = 0; at < documents.length; at += PER_REQUEST) {
    const TraceSegmentDocuments = documents.slice(at, at + PER_REQUEST).map((document) => JSON.stringify(document));
    const { UnprocessedTraceSegments } = await client.send(new PutTraceSegmentsCommand({ TraceSegmentDocuments }));
    if (UnprocessedTraceSegments?.length) throw new Error(`Not taken: ${JSON.stringify(UnprocessedTraceSegments[0])}`);
  }
  client.destroy();
}
