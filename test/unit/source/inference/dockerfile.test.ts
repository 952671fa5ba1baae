// Dockerfiles as people write them: which folder of the image is which folder here.
import { describe, expect, it } from 'vitest';
import { infer, pairs, problems, show } from './show';

const dockerfile = (text: string, name = 'services/cart/Dockerfile'): readonly string[] => pairs(infer({ [name]: text }));

describe('Dockerfile', () => {
  it('maps a Node service that is copied as a whole', () => {
    const text = `# syntax=docker/dockerfile:1
FROM node:22-alpine
WORKDIR /usr/src/app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
COPY --chown=node:node . .
CMD ["node", "dist/main.js"]
`;
    expect(show(infer({ 'services/cart/Dockerfile': text }))).toEqual([
      '/usr/src/app -> services/cart  services/cart/Dockerfile:6 (COPY)',
      '. -> services/cart  services/cart/Dockerfile:1 (working directory)',
    ]);
  });

  it('follows files into another stage', () => {
    expect(
      dockerfile(`FROM node:22 AS build
WORKDIR /build
COPY tsconfig.json ./
COPY src/ ./src/
RUN npm run build
FROM node:22-slim
WORKDIR /srv
COPY --from=build /build/src /srv/lib
COPY --from=build /build/dist ./dist
COPY --from=0 /build ./all
COPY --from=nginx:1.27 /etc/nginx /etc/nginx`),
    ).toEqual(['/srv/lib -> services/cart/src', '/srv/all/src -> services/cart/src', '/build/src -> services/cart/src']);
  });

  it('carries a part of what is copied as a whole', () => {
    expect(
      dockerfile(`FROM golang:1.23 AS build
WORKDIR /src
COPY . .
RUN go build -o /out/cart ./cmd/cart
FROM gcr.io/distroless/static
COPY --from=build /src/web/templates /templates
COPY --from=build /out/cart /cart`),
    ).toEqual(['/templates -> services/cart/web/templates', '/src -> services/cart']);
  });

  it('knows arguments, variables and relative working directories', () => {
    expect(
      dockerfile(`ARG NODE=22
ARG HOME_DIR=/opt/shop
FROM node:\${NODE} AS base
ARG HOME_DIR
ARG SUB=api
ENV APP_ROOT=$HOME_DIR/\${SUB} MODE="a b"
WORKDIR $APP_ROOT
WORKDIR nested
FROM base AS dev
COPY src \${TARGET:-lib}
COPY tests /\${MISSING}/x`),
    ).toEqual(['/opt/shop/api/nested/lib -> services/cart/src']);
    expect(infer({ Dockerfile: `FROM a\nCOPY tests /\${MISSING}/x\nWORKDIR $NOPE` }).skipped).toBeGreaterThan(0);
  });

  it('tells files from folders by their names', () => {
    expect(
      dockerfile(`FROM python:3.13
WORKDIR /app
COPY requirements.txt .
COPY main.py wsgi.py ./
COPY server.py /srv/run.py
COPY lib/*.py ./lib/
COPY ["templates", "static files", "/app/web/"]
ADD https://example.com/x.py /x/
ADD --chmod=644 vendor/shop.rb /app`),
    ).toEqual([
      '/app/main.py -> services/cart/main.py',
      '/app/wsgi.py -> services/cart/wsgi.py',
      '/srv/run.py -> services/cart/server.py',
      '/app/lib -> services/cart/lib',
      '/app/web -> services/cart/templates',
      '/app/web -> services/cart/static%20files',
      '/app/shop.rb -> services/cart/vendor/shop.rb',
    ]);
  });

  it('joins lines, and leaves comments and heredocs out', () => {
    expect(
      dockerfile(`FROM alpine
WORKDIR /app
RUN <<EOF
COPY fake /fake
EOF
COPY <<-"CONF" /etc/app.conf
\tCOPY fake /fake2
\tCONF
COPY \\
  # the code
  src \\

  ./src
RUN echo $((1<<X))
copy tests ./tests`),
    ).toEqual(['/app/src -> services/cart/src', '/app/tests -> services/cart/tests']);
    expect(dockerfile('# escape=`\nFROM windows\nWORKDIR C:\\app\nCOPY src `\n  .\\src')).toEqual([
      'C:/app/src -> services/cart/src',
    ]);
  });

  it('knows what is bound while something is compiled, and parents', () => {
    expect(
      dockerfile(`FROM rust AS build
WORKDIR /code
RUN --mount=type=bind,source=src,target=src --mount=type=cache,target=/root/.cargo --mount=type=bind,target=. cargo build
COPY --parents crates/a crates/b ./`),
    ).toEqual([
      '/code/src -> services/cart/src',
      '/code -> services/cart',
      '/code/crates/a -> services/cart/crates/a',
      '/code/crates/b -> services/cart/crates/b',
      '. -> services/cart',
    ]);
  });

  it('is built from further above where its sources say so', () => {
    const text = 'FROM node\nWORKDIR /app\nCOPY services/cart/src ./src\nCOPY packages/common ./common';
    expect(dockerfile(text)).toEqual(['/app/src -> services/cart/src', '/app/common -> packages/common']);
    expect(dockerfile('FROM node\nCOPY . /app', 'docker/cart.Dockerfile')).toEqual(['/app -> .']);
    expect(dockerfile('FROM node\nCOPY . /app', 'Dockerfile.dev')).toEqual(['/app -> .']);
    expect(dockerfile('FROM node\nCOPY . /app', 'Containerfile')).toEqual(['/app -> .']);
  });

  it('cannot lead out of the workspace', () => {
    expect(dockerfile('FROM a\nCOPY ../../../../etc /app\nCOPY /../../x /app2')).toEqual([
      '/app -> services/cart/etc',
      '/app2 -> services/cart/x',
    ]);
    expect(dockerfile('FROM a\nCOPY . /\nCOPY . /../..')).toEqual([]);
  });

  it('takes broken and hostile files', () => {
    for (const text of ['', 'COPY . /app', 'FROM', 'FROM a\nCOPY', 'FROM a\nCOPY x', 'FROM a\nWORKDIR', '\\\n\\\n', '\0\0'])
      expect(dockerfile(text)).toEqual([]);
    const long = `FROM a\nRUN x ${'\\\n y '.repeat(50_000)}\nCOPY src /app`;
    const begin = performance.now();
    infer({ Dockerfile: long });
    infer({ Dockerfile: `FROM a\n${'COPY --from=a --from=b '.repeat(5000)}` });
    infer({ Dockerfile: `FROM a AS s\nCOPY src /a\n${'FROM s AS s\nCOPY --from=s /a /b\n'.repeat(1000)}` });
    infer({ Dockerfile: `FROM a\nENV ${'A=$A$A$A$A '.repeat(3000)}` });
    infer({ Dockerfile: `FROM a\n${'RUN <<A <<B <<C\n'.repeat(3000)}` });
    // Minutes, where any of it grew with the square of its size.
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(problems(infer({ Dockerfile: long }))).toEqual([]);
  });
});
