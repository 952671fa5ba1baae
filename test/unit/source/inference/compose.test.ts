// Compose files and development containers as people write them, and such as mean harm.
import { describe, expect, it } from 'vitest';
import { infer, pairs, problems, shop, show } from './show';

const compose = (text: string): readonly string[] => pairs(infer({ 'compose.yaml': text }));

describe('compose file', () => {
  it('maps bind mounts, and no volumes that have a name or none', () => {
    const text = `services:
  cart:
    image: node:22
    container_name: shop-cart
    environment:
      OTEL_SERVICE_NAME: cart-api
    volumes:
      - ./services/cart:/usr/src/app:ro
      - /usr/src/app/node_modules
      - cart-data:/data
      - type: bind
        source: ./packages
        target: /usr/src/packages
      - type: volume
        source: cache
        target: /cache
      - ~/.npmrc:/root/.npmrc
      - \${SHARED:-./shared}:/shared:cached
      - \${NOWHERE}/x:/x
      - ../other:/other
volumes:
  cart-data:
`;
    const inference = infer({ 'deploy/../compose.yaml': '', 'compose.yaml': text });
    expect(show(inference)).toEqual([
      '/usr/src/app -> services/cart  compose.yaml:8, service cart (volume)',
      '/usr/src/packages -> packages  compose.yaml:11, service cart (volume)',
      '/shared -> shared  compose.yaml:18, service cart (volume)',
    ]);
    expect(inference.mappings[0].services).toEqual(['cart-api', 'cart', 'shop-cart']);
    // The home folder, the unknown variable, and what is outside.
    expect(problems(inference)).toEqual(['3 skipped']);
  });

  it('builds with the Dockerfile that a service names, its context, arguments and target', () => {
    const inference = infer({
      'compose.yaml': `services:
  cart:
    build: ./services/cart
  pay:
    build:
      context: .
      dockerfile: services/pay/Dockerfile
      target: dev
      args: [ROOT=/srv/pay]
  inline:
    build:
      dockerfile_inline: |
        FROM node
        COPY web /web
  remote:
    build: https://github.com/acme/x.git
`,
      'services/cart/Dockerfile': 'FROM node\nENV OTEL_SERVICE_NAME=basket\nWORKDIR /app\nCOPY . .',
      'services/pay/Dockerfile':
        'ARG ROOT\nFROM node AS dev\nARG ROOT\nCOPY services/pay $ROOT\nFROM node\nCOPY services/pay /prod',
    });
    expect(show(inference)).toEqual([
      '/app -> services/cart  compose.yaml:3, service cart (COPY)',
      '. -> services/cart  compose.yaml:3, service cart (working directory)',
      '/srv/pay -> services/pay  compose.yaml:6, service pay (COPY)',
      '/prod -> services/pay  compose.yaml:6, service pay (COPY)',
      '/web -> web  compose.yaml:12, service inline (COPY)',
    ]);
    expect(inference.mappings[0].services).toEqual(['cart', 'basket']);
  });

  it('maps what is synchronised, and the working directory of a mount', () => {
    expect(
      compose(`services:
  web:
    working_dir: /code/web
    volumes: ['.:/code']
    develop:
      watch:
        - { action: sync, path: ./web/src, target: /code/web/src }
        - { action: sync+restart, path: web/conf, target: /conf }
        - { action: rebuild, path: package.json }
`),
    ).toEqual(['/code -> .', '/code/web/src -> web/src', '/conf -> web/conf', '. -> web']);
  });

  it('reads anchors, merges, and the attributes of the resource', () => {
    const inference = infer({
      'docker-compose.dev.yml': `x-base: &base
  volumes: &code ["./src:/app/src"]
services:
  a:
    <<: *base
    environment: ["OTEL_RESOURCE_ATTRIBUTES=team=x, service.name=alpha"]
  b:
    volumes: *code
`,
    });
    expect(show(inference).map((line) => line.replace(/:\d+/, ''))).toEqual([
      '/app/src -> src  docker-compose.dev.yml, service a (volume)',
      '/app/src -> src  docker-compose.dev.yml, service b (volume)',
    ]);
    expect(inference.mappings[0].services).toEqual(['alpha', 'a']);
  });

  it('knows Windows paths and paths of this machine', () => {
    expect(
      compose(`services:
  a:
    volumes: ['/home/dev/shop/src:/app', '\${PWD}/lib:/lib2', 'C:\\other:/x', './win:C:\\app:ro']`),
    ).toEqual(['/app -> src', '/lib2 -> lib', 'C:/app -> win']);
  });

  it('shows the part of a repository that is open', () => {
    const inference = infer(
      { Dockerfile: 'FROM a\nCOPY cart /srv/cart', 'compose.yaml': "services: {a: {volumes: ['..:/repo']}}" },
      [`${shop}/cart`],
    );
    expect(inference.mappings.map(({ prefix, target }) => `${prefix} ${target}`)).toContain(`/repo/cart ${shop}/cart`);
  });

  it('keeps what could be read of a broken file, and says where it breaks', () => {
    const inference = infer({ 'compose.yaml': "services:\n  a:\n    volumes: ['./src:/app']\n  b: [\n" });
    expect(pairs(inference)).toEqual(['/app -> src']);
    expect(problems(inference)[0]).toMatch(/^compose\.yaml:[45] It is not YAML from here on\.$/);
    expect(problems(infer({ 'compose.yaml': 'services:\n  a: 7\n  b:\n' }))).toEqual([
      'compose.yaml:2 The service a is no mapping of keys to values.',
    ]);
    for (const text of [
      '',
      'services:',
      'services: []',
      '- a',
      '7',
      '\0',
      '%',
      'a: b: c',
      'services: {a: {volumes: 7, build: [], develop: x}}',
    ])
      expect(compose(text)).toEqual([]);
  });

  it('is not brought down by aliases or depth', () => {
    const laughs = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replace(/./g, (name) => {
      const before = String.fromCharCode(name.charCodeAt(0) - 1);
      return `${name}: &${name} [*${before},*${before},*${before},*${before},*${before},*${before},*${before},*${before},*${before}]\n`;
    })}services: {x: {volumes: *i}}`;
    const begin = performance.now();
    expect(problems(infer({ 'compose.yaml': laughs }))).toEqual([
      'compose.yaml:1 It is too deeply nested or refers to itself too often to be read.',
    ]);
    expect(infer({ 'compose.yaml': '['.repeat(60_000) }).mappings).toEqual([]);
    expect(infer({ 'compose.yaml': 'services: &s {a: *s}' }).mappings).toEqual([]);
    expect(
      infer({ 'compose.yaml': 'services: {__proto__: {volumes: ["./a:/b"]}, a: {environment: {__proto__: 1}}}' }).skipped,
    ).toBe(0);
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});

describe('development container', () => {
  it('has the workspace where it says, or where it usually is', () => {
    const at = (name: string, text: string): readonly string[] => pairs(infer({ [name]: text }));
    expect(at('.devcontainer/devcontainer.json', '{ "image": "node" /* plain */ }')).toEqual(['/workspaces/shop -> .']);
    expect(at('.devcontainer.json', '{ "workspaceFolder": "/work" }')).toEqual(['/work -> .']);
    expect(at('apps/.devcontainer/py/devcontainer.json', `{ "workspaceFolder": "/w/\${localWorkspaceFolderBasename}" }`)).toEqual(
      ['/w/apps -> apps'],
    );
    expect(at('.devcontainer/devcontainer.json', '{ "dockerComposeFile": "c.yml", "workspaceFolder": "/work" }')).toEqual([]);
  });

  it('reads mounts in both forms', () => {
    expect(
      pairs(
        infer({
          '.devcontainer/devcontainer.json': `{
  "workspaceMount": "source=\${localWorkspaceFolder},target=/workspace,type=bind,consistency=cached",
  "workspaceFolder": "/workspace",
  "mounts": [
    "source=\${localWorkspaceFolder}/libs,target=\${containerWorkspaceFolder}/../libs,type=bind",
    { "type": "bind", "source": "\${localWorkspaceFolder}/data", "target": "/data" },
    "source=\${localEnv:HOME}/.aws,target=/root/.aws,type=bind",
    "source=cache,target=/cache,type=volume",
    { "source": 7 }, 7,
  ]
}`,
        }),
      ),
    ).toEqual(['/workspace -> .', '/libs -> libs', '/data -> data']);
  });
});
