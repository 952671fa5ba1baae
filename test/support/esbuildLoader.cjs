// TypeScript for webpack: CommonJS, so that modules run in the order in which they are written; telemetry has to start first.
const { transform } = require('esbuild');

module.exports = function load(source) {
  const done = this.async();
  transform(source, {
    loader: 'ts',
    format: 'cjs',
    target: 'node20',
    sourcefile: this.resourcePath,
    sourcemap: 'external',
    sourcesContent: true,
  }).then(
    ({ code, map }) => done(null, code, JSON.parse(map)),
    (error) => done(error),
  );
};
