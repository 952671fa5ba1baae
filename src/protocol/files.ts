/** What is read into the engine: trace files and the answers of backends. */

import type { Answer, AnswerWant } from '../core/answers/answer';
import type { TraceFormat } from '../core/format/sink/layout';
import type { Defect, TraceOverview } from '../core/model/table';

export type FileFormat = TraceFormat;

export interface DatasetSummary {
  readonly dataset: string;
  readonly format: FileFormat;
  /** As many as were read; in a list of traces those that came twice count once, and a defect says so. */
  readonly spanCount: number;
  /** Where there is only one. */
  readonly onlyTraceId?: string;
  readonly defects: readonly Defect[];
}

export interface DatasetContent extends Omit<DatasetSummary, 'onlyTraceId'> {
  /** Newest first. */
  readonly traces: readonly TraceOverview[];
}

/** What of a folder is in its dataset. */
export interface FolderState {
  /** That were read whole. */
  readonly files: number;
  /** Of all of its files, as they lie on the disk. */
  readonly bytes: number;
  readonly spans: number;
  /** Files that could not be read, or not whole, each as a sentence that names it. */
  readonly problems: readonly string[];
  /** Files for which there was no room. */
  readonly unread: number;
  /** The folder holds more files, or folders within each other, than are looked at. */
  readonly isCut: boolean;
  /** The limit of memory that was reached, in words. */
  readonly memoryLimit?: string;
  /** Something was read or taken out. */
  readonly isNew: boolean;
}

export interface FileMethods {
  /** Opens a trace file from disk (the engine reads and streams it) or from bytes (virtual file systems). Replaces the dataset. */
  openFile(params: { dataset: string; name: string; path?: string; bytes?: Uint8Array }): DatasetSummary;
  /** The traces of a file that is open: each is looked through for it, which one that is only drawn does not need. */
  listFile(params: { dataset: string }): DatasetContent;
  /** Brings a dataset to what a folder of trace files holds now. */
  lookAtFolder(params: { dataset: string; name: string; path: string }): FolderState;
  /** Files of a folder that may be trace data; nothing is read. */
  countFolder(params: { path: string }): number;
  /** Adds a backend's answer: whole traces, in the place of what was known of them. `partial`: why they are not, as a sentence. */
  addBytes(params: { dataset: string; name: string; bytes: Uint8Array; format?: FileFormat; partial?: string }): DatasetContent;
  dropDataset(params: { dataset: string }): void;
  /**
   * Reads a backend's list or error (`core/answers`). Here, because parsing it may take longer than the extension host may be held, and because what
   * is to be hidden is hidden here.
   */
  readAnswer(params: { bytes: Uint8Array; want: AnswerWant }): Answer | undefined;
}
