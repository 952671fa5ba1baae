/** Styles are imported for the bundler, which writes them to dist/webview.css. */
declare module '*.css';
