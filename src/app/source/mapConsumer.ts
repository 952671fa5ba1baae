/** The package that decodes source maps, as a module of its own: it is loaded with the first map (it compiles WebAssembly). */

import { SourceMapConsumer } from 'source-map';
import type { MapConsumer, RawIndexMap, RawMap } from '../../source/maps/sourceMaps';

export function consumerOf(map: RawMap | RawIndexMap): Promise<MapConsumer> {
  return new SourceMapConsumer(map);
}
