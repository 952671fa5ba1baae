/** A map of so many entries at least and twice as many at most: what was not used longest goes, never all at once. */
export { default as Lru } from 'quick-lru';
