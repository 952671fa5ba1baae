/**
 * Google's credentials through Google's library: those of a file, of `gcloud`, of a service account that is impersonated, of the machine. What they get
 * goes out through our own transport, where the library lets it. A token opens more than traces, and is sent to Google and to this machine only, whatever
 * the settings of a workspace name as the endpoint.
 */

import { GoogleAuth, type GoogleAuthOptions, gaxios, JWT, UserRefreshClient } from 'google-auth-library';
import { abortable } from '../../base/abortable';
import { SpanhopError } from '../../base/errors';
import type { BackendContext } from '../common/backend';
import type { Authorize, HttpHeaders, Transport } from '../common/transport';
import { credentialProblem } from './googleProblems';

const scope = 'https://www.googleapis.com/auth/trace.readonly';
/** Bytes of an answer to the library's own requests. */
const MOST = 1 << 20;

export class GoogleAccess {
  private auth: GoogleAuth | undefined;
  private readonly isWanted: boolean;

  constructor(private readonly context: BackendContext) {
    this.isWanted = context.settings.options.auth !== 'none';
  }

  /** Headers for a request of the API. Rejects with SpanhopError. */
  readonly authorize: Authorize = async ({ url, refused }, signal) => {
    if (!this.isWanted) return {};
    if (!isGoogles(url))
      throw new SpanhopError(
        'Unauthorized',
        `Google's credentials are not sent to ${url.host}: it is not of googleapis.com, nor this machine. Correct the "endpoint", or set "auth" to "none".`,
      );
    if (refused) this.auth = undefined;
    return abortable(this.headers(), signal);
  };

  /** The project of the settings, or of the credentials. Rejects with SpanhopError. */
  async projectId(signal?: AbortSignal): Promise<string> {
    const { projectId } = this.context.settings.options;
    if (typeof projectId === 'string') return projectId;
    if (!this.isWanted)
      throw new SpanhopError('Unreachable', `"${this.context.settings.name}" has no project. Set its "projectId".`);
    try {
      return await abortable(this.connected().getProjectId(), signal);
    } catch (error) {
      throw credentialProblem(error, this.context.settings.name);
    }
  }

  private async headers(): Promise<HttpHeaders> {
    const { quotaProject, credentialsFile } = this.context.settings.options;
    try {
      const client = await this.connected().getClient();
      // Other kinds run what the file says, or read what it names.
      if (credentialsFile !== undefined && !(client instanceof JWT || client instanceof UserRefreshClient))
        throw new SpanhopError(
          'Unauthorized',
          'The "credentialsFile" is neither a service account\'s key nor a user\'s credentials. Others are taken as Application Default Credentials only.',
        );
      const headers = Object.fromEntries(await client.getRequestHeaders());
      return typeof quotaProject === 'string' ? { ...headers, 'x-goog-user-project': quotaProject } : headers;
    } catch (error) {
      throw credentialProblem(error, this.context.settings.name);
    }
  }

  private connected(): GoogleAuth {
    this.auth ??= this.connect();
    return this.auth;
  }

  private connect(): GoogleAuth {
    const { projectId, credentialsFile } = this.context.settings.options;
    return new AuthOver(this.context.transport, {
      scopes: [scope],
      ...(typeof projectId === 'string' ? { projectId } : {}),
      ...(typeof credentialsFile === 'string' ? { keyFilename: credentialsFile } : {}),
    });
  }
}

/** The library makes clients within clients, for accounts that are impersonated, and gives those no options: each gets our transport as it is made. */
class AuthOver extends GoogleAuth {
  private readonly transporter: gaxios.Gaxios;

  constructor(transport: Transport, options: GoogleAuthOptions) {
    super(options);
    // Its own way through a proxy is none of ours.
    this.transporter = new gaxios.Gaxios({ fetchImplementation: fetchOver(transport), noProxy: [/^/] });
  }

  override fromJSON(...made: Parameters<GoogleAuth['fromJSON']>): ReturnType<GoogleAuth['fromJSON']> {
    const client = super.fromJSON(...made);
    client.transporter = this.transporter;
    return client;
  }
}

function isGoogles({ protocol, hostname }: URL): boolean {
  if (/^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname)) return true;
  return protocol === 'https:' && hostname.endsWith('.googleapis.com');
}

/** `fetch` for the library. */
function fetchOver(transport: Transport): typeof fetch {
  return async (input, init) => {
    const { method, headers, body } = init ?? {};
    const request = new Request(input, { method, headers, body });
    const sent = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const { authorization, ...open } = Object.fromEntries(request.headers);
    const answer = await transport.request({
      method: request.method === 'GET' ? 'GET' : 'POST',
      url: request.url,
      headers: open,
      // What a server repeats of it is hidden.
      ...(authorization === undefined ? {} : { authorize: async () => ({ authorization }) }),
      ...(sent ? { body: sent } : {}),
      maxBytes: MOST,
      takesRefusals: true,
    });
    const { 'content-encoding': _unpacked, ...rest } = answer.headers;
    return new Response(answer.status === 204 ? null : answer.body, { status: answer.status, headers: rest });
  };
}
