/**
 * Programs that people's programs are started or built with: they inherit `NODE_OPTIONS`, have nothing to show, and are to start as they always do.
 * What runs a program in its own process (ts-node, next, vite, test runners) is none of them.
 */

/** The file that runs, by the end of its path: of a package, or a link in `.bin`. */
const toolFiles =
  /[/\\](?:npm[/\\]bin[/\\]np[mx]-cli\.js|npm-prefix\.js|yarn(?:\.c?js)?|yarnpkg(?:\.js)?|pn(?:pm|px)(?:\.c?js)?|corepack(?:[/\\]dist[/\\]\w+\.js)?|js-debug[/\\]src[/\\]\w+\.js|watchdog\.js)$/;

/** Packages whose programs compile, check, or start others. */
const toolPackages = [
  'typescript',
  'esbuild',
  'eslint',
  'prettier',
  '@biomejs/biome',
  '@swc/cli',
  '@babel/cli',
  'rollup',
  'tsup',
  'webpack',
  'webpack-cli',
  'nodemon',
  'npm',
  'npm-run-all',
  'npm-run-all2',
  'concurrently',
  'cross-env',
  'dotenv-cli',
  'env-cmd',
  'rimraf',
  'husky',
  'lint-staged',
  'turbo',
  'nx',
  'lerna',
  'node-gyp',
  'tsc-watch',
  'tsc-alias',
  'ts-node-dev',
  'prisma',
  'sass',
  'tailwindcss',
  '@nestjs/cli',
  '@angular/cli',
];

/** Their links in `node_modules/.bin`. A package's name stands for itself. */
const toolLinks = [
  ...toolPackages.filter((name) => !name.startsWith('@')),
  'tsc',
  'tsx',
  'swc',
  'babel',
  'biome',
  'nest',
  'ng',
  'run-s',
  'run-p',
  'npm-run-all',
  'conc',
  'dotenv',
  'cross-env-shell',
  'tsnd',
  'npm',
  'npx',
];

/** What tsx starts the program with is this file's child. */
const tsxStarter = /[/\\]tsx[/\\]dist[/\\]cli\.m?js$/;

/** @param script `process.argv[1]`; undefined for what is typed in */
export function isTool(script: string | undefined): boolean {
  if (script === undefined) return false;
  if (toolFiles.test(script) || tsxStarter.test(script)) return true;
  const path = script.replace(/\\/g, '/');
  const link = /\/node_modules\/\.bin\/([\w.-]+?)(?:\.c?js)?$/.exec(path);
  if (link !== null) return toolLinks.indexOf(link[1]) >= 0;
  const inPackages = path.lastIndexOf('/node_modules/');
  if (inPackages < 0) return false;
  const rest = path.slice(inPackages + '/node_modules/'.length);
  return toolPackages.some((name) => rest.startsWith(`${name}/`));
}
