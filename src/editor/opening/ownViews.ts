/** Types of the editors that show traces, as package.json has them. */

export const panelType = 'spanhop.waterfall';
export const editorType = 'spanhop.traceEditor';
export const jsonEditorType = 'spanhop.jsonTraceEditor';

export const traceViewTypes: readonly string[] = [panelType, editorType, jsonEditorType];
