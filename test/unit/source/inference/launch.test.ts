// Debug configurations as people write them for each debugger, and such as mean harm.
import { describe, expect, it } from 'vitest';
import { infer, pairs, problems, shop, show } from './show';

const launch = (configurations: string): Record<string, string> => ({
  '.vscode/launch.json': `{\n  // made by hand\n  "version": "0.2.0",\n  "configurations": [\n${configurations}\n  ],\n}`,
});

describe('launch.json', () => {
  it('reads the roots of Node, with comments and trailing commas', () => {
    const text = `    {
      "name": "Attach to cart", /* in its container */
      "type": "node",
      "request": "attach",
      "localRoot": "\${workspaceFolder}/services/cart",
      "remoteRoot": "/usr/src/app",
      "env": { "OTEL_SERVICE_NAME": "shop-cart" },
    },`;
    const inference = infer(launch(text));
    expect(show(inference)).toEqual(['/usr/src/app -> services/cart  .vscode/launch.json:10, "Attach to cart" (remoteRoot)']);
    expect(inference.mappings[0]).toMatchObject({ services: ['shop-cart'], kind: 'launch', file: `${shop}/.vscode/launch.json` });
  });

  it('reads path mappings of Python and of PHP', () => {
    expect(
      pairs(
        infer(
          launch(`{ "name": "py", "type": "debugpy", "pathMappings": [
            { "localRoot": "\${workspaceFolder}/api", "remoteRoot": "/code" },
            { "localRoot": "\${workspaceRoot}", "remoteRoot": "." } ] },
          { "name": "php", "type": "php", "pathMappings": { "/var/www/html": "\${workspaceFolder}", "C:\\\\inetpub": "\${workspaceFolder}/web" } }`),
        ),
      ),
    ).toEqual(['/code -> api', '/var/www/html -> .', 'C:\\inetpub -> web']);
  });

  it('reads Go, .NET, LLDB and the parts of a docker configuration', () => {
    expect(
      pairs(
        infer(
          launch(`{ "name": "go", "substitutePath": [{ "from": "\${workspaceFolder}/cmd", "to": "/go/src/shop/cmd" }] },
          { "name": "go old", "remotePath": "/go/src/shop", "cwd": "\${workspaceFolder}/backend" },
          { "name": "net", "sourceFileMap": { "/src": "\${workspaceFolder}/src", "/b": { "editorPath": "\${workspaceFolder}/b" } } },
          { "name": "rust", "sourceMap": { "/build": "\${workspaceFolder}" } },
          { "name": "docker", "type": "docker", "python": { "pathMappings": [{ "localRoot": "\${workspaceFolder}", "remoteRoot": "/app" }] } }`),
        ),
      ),
    ).toEqual(['/go/src/shop/cmd -> cmd', '/go/src/shop -> backend', '/src -> src', '/b -> b', '/build -> .', '/app -> .']);
  });

  it('reads patterns of source maps, and roots of browsers', () => {
    expect(
      pairs(
        infer(
          launch(`{ "name": "web", "type": "chrome", "url": "http://localhost:3000/shop?x=1", "webRoot": "\${workspaceFolder}/web",
            "pathMapping": { "/static": "\${workspaceFolder}/web/assets" },
            "sourceMapPathOverrides": {
              "webpack:///./src/*": "\${webRoot}/src/*",
              "webpack://?:*/*": "\${workspaceFolder}/*",
              "meteor://💻app/*": "\${workspaceFolder}/*",
              "webpack:///*/x/*": "\${webRoot}/*",
              "*": "\${webRoot}/*" } }`),
        ),
      ),
    ).toEqual([
      'webpack:///./src/ -> web/src',
      'webpack:/// -> .',
      'meteor://💻app/ -> .',
      'http://localhost:3000/ -> web',
      'http://localhost:3000/static -> web/assets',
    ]);
  });

  it('reads the launch section of a workspace file, and names folders', () => {
    const folders = ['file:///home/dev/cart', 'file:///home/dev/pay'];
    const inference = infer(
      {
        'file:///home/dev/shop.code-workspace': `{ "folders": [], "launch": { "configurations": [
          { "name": "a", "remoteRoot": "/app", "localRoot": "\${workspaceFolder:pay}" },
          { "name": "b", "remoteRoot": "/srv" },
          { "name": "c", "remoteRoot": "/x", "localRoot": "\${workspaceFolder:none}" } ] } }`,
      },
      folders,
    );
    expect(inference.mappings.map(({ prefix, target }) => `${prefix} ${target}`)).toEqual([
      '/app file:///home/dev/pay',
      '/srv file:///home/dev/cart',
    ]);
    expect(inference.skipped).toBe(1);
  });

  it('belongs to the folder above .vscode', () => {
    expect(pairs(infer({ 'apps/web/.vscode/launch.json': '{"configurations":[{"remoteRoot":"/app"}]}' }))).toEqual([
      '/app -> apps/web',
    ]);
  });

  it('skips variables that nobody knows here, and what leads out of the workspace', () => {
    const inference = infer(
      launch(`{ "remoteRoot": "/a", "localRoot": "\${env:HOME}/x" }, { "remoteRoot": "/b", "localRoot": "\${input:folder}" },
        { "remoteRoot": "/c", "localRoot": "/etc" }, { "remoteRoot": "/d", "localRoot": "\${workspaceFolder}/../../other" },
        { "remoteRoot": "/e", "localRoot": "file:///etc" }, { "remoteRoot": "/f", "localRoot": "vscode-remote://x/home/dev/shop" },
        { "remoteRoot": "\${file}", "localRoot": "." }, { "remoteRoot": "/", "localRoot": "." }, { "remoteRoot": 7 }, 7, null, []`),
    );
    expect(inference.mappings).toEqual([]);
    expect(problems(inference)).toEqual(['7 skipped']);
  });

  it('keeps what could be read of a broken file, and says where it breaks', () => {
    const inference = infer(launch('    { "name": "ok", "remoteRoot": "/app" },\n    { "name" "broken" }'));
    expect(pairs(inference)).toEqual(['/app -> .']);
    expect(problems(inference)).toEqual(['.vscode/launch.json:6 It is not JSON from here on: colon expected.']);
    for (const text of ['', '[]', 'null', '7', '{"configurations": {}}', '{"configurations": "x"}', '\0'])
      expect(infer({ '.vscode/launch.json': text }).mappings).toEqual([]);
  });

  it('is not brought down by depth or size', () => {
    expect(problems(infer({ '.vscode/launch.json': '['.repeat(200_000) }))).toEqual([
      '.vscode/launch.json:1 It is nested too deeply to be read.',
    ]);
    const many = Array.from({ length: 5000 }, (_, i) => `{ "remoteRoot": "/r${i}" }`).join(',');
    expect(infer(launch(many)).mappings.length).toBe(500);
    const hostile = infer(launch('{ "name": "__proto__", "pathMappings": { "__proto__": "x", "constructor": "." } }'));
    expect(pairs(hostile)).toEqual(['__proto__ -> x', 'constructor -> .']);
  });
});
