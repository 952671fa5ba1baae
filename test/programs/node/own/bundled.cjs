// Sets up SDK 1.x; for bundlers.
process.env.SDK = 'sdk1';
require('./request.cjs');
