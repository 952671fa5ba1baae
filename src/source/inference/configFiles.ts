/** Which files of a workspace say how programs are built and run, by their names. */

export type ConfigKind = 'launch' | 'compose' | 'devcontainer' | 'dockerfile';

/** What a file is, by its name; undefined: none of these. */
export function configKind(uri: string): ConfigKind | undefined {
  const path = uri.replace(/[?#].*$/, '');
  if (/\/\.vscode\/launch\.json$|\.code-workspace$/.test(path)) return 'launch';
  if (/\/(?:docker-)?compose[^/]*\.ya?ml$/i.test(path)) return 'compose';
  if (/\/\.devcontainer\.json$|\/\.devcontainer\/(?:[^/]+\/)?devcontainer\.json$/.test(path)) return 'devcontainer';
  if (/\/(?:(?:Docker|Container)file(?:\.[^/]+)?|[^/]+\.Dockerfile)$/i.test(path) && !/\.dockerignore$/i.test(path))
    return 'dockerfile';
  return undefined;
}

/** Names of such files for a search, as a glob. */
export const configGlob =
  '**/{launch.json,compose*.yml,compose*.yaml,docker-compose*.yml,docker-compose*.yaml,devcontainer.json,.devcontainer.json,Dockerfile,Containerfile,Dockerfile.*,Containerfile.*,*.Dockerfile}';
