/**
 * What each member of a metered operation's input does to the price. `priced`: its bytes or its number are in the bound.
 * `refused`: may have a price of its own, and is looked at. Anything else is the reason why it costs nothing.
 */
export type MemberCost = 'priced' | 'refused' | { readonly free: string };

const DATA = { free: 'a name or a setting, whose bytes are in the body' };
const WHERE = { free: 'says where data lie, which are priced by the piece' };
const OF_AN_EARLIER_ANSWER = { free: 'repeats what an earlier answer said; its bytes are in the body' };

/**
 * Every structure that an input of Converse, ConverseStream, InvokeModel or InvokeModelWithResponseStream leads to.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, .../API_runtime_InvokeModel.html, and
 * the schemas of @aws-sdk/client-bedrock-runtime 3.1164.0 (2026-11). A test walks the schemas of the SDK that is installed.
 */
export const INPUT_COSTS: Readonly<Record<string, Readonly<Record<string, MemberCost>>>> = {
  ...sameFor(['ConverseRequest', 'ConverseStreamRequest'], {
    modelId: 'priced',
    messages: 'priced',
    system: 'priced',
    inferenceConfig: 'priced',
    toolConfig: 'priced',
    guardrailConfig: 'refused',
    additionalModelRequestFields: 'refused',
    promptVariables: { free: 'read with a stored prompt only, which is refused by its ARN' },
    additionalModelResponseFieldPaths: { free: 'picks from the answer' },
    requestMetadata: { free: 'goes to the invocation log' },
    performanceConfig: 'refused',
    serviceTier: 'refused',
    outputConfig: 'priced',
  }),
  ...sameFor(['InvokeModelRequest', 'InvokeModelWithResponseStreamRequest'], {
    modelId: 'priced',
    body: 'priced',
    contentType: { free: 'a body that is no JSON is refused' },
    accept: { free: 'the form of the answer' },
    trace: { free: 'shows what a guardrail did' },
    guardrailIdentifier: 'refused',
    guardrailVersion: 'refused',
    performanceConfigLatency: 'refused',
    serviceTier: 'refused',
    requestMetadata: { free: 'goes to the invocation log' },
  }),
  Message: { role: DATA, content: 'priced' },
  SystemContentBlock: { text: 'priced', guardContent: 'priced', cachePoint: 'priced' },
  ContentBlock: {
    text: 'priced',
    image: 'priced',
    document: 'priced',
    video: 'priced',
    audio: 'priced',
    toolUse: 'priced',
    toolResult: 'priced',
    guardContent: 'priced',
    cachePoint: 'priced',
    reasoningContent: 'priced',
    citationsContent: 'priced',
    searchResult: 'priced',
    toolAddition: 'priced',
    toolRemoval: { free: 'takes a tool away; its bytes are in the body' },
  },
  ...sameFor(['ImageBlock', 'AudioBlock'], { format: DATA, source: 'priced', error: OF_AN_EARLIER_ANSWER }),
  ...sameFor(['VideoBlock', 'GuardrailConverseImageBlock'], { format: DATA, source: 'priced' }),
  ErrorBlock: { message: OF_AN_EARLIER_ANSWER },
  ...sameFor(['ImageSource', 'VideoSource', 'AudioSource'], { bytes: 'priced', s3Location: WHERE }),
  GuardrailConverseImageSource: { bytes: 'priced' },
  S3Location: { uri: WHERE, bucketOwner: WHERE },
  DocumentBlock: { name: DATA, format: DATA, source: 'priced', context: 'priced', citations: DATA },
  DocumentSource: { bytes: 'priced', s3Location: WHERE, text: 'priced', content: 'priced' },
  DocumentContentBlock: { text: 'priced' },
  CitationsConfig: { enabled: { free: 'what is cited is part of the answer, within its limit' } },
  ToolUseBlock: { toolUseId: DATA, name: DATA, input: 'priced', type: OF_AN_EARLIER_ANSWER },
  ToolResultBlock: { toolUseId: DATA, content: 'priced', status: DATA, type: OF_AN_EARLIER_ANSWER },
  ToolResultContentBlock: {
    json: 'priced',
    text: 'priced',
    image: 'priced',
    document: 'priced',
    video: 'priced',
    searchResult: 'priced',
  },
  SearchResultBlock: { source: DATA, title: DATA, content: 'priced', citations: DATA },
  SearchResultContentBlock: { text: 'priced' },
  GuardrailConverseContentBlock: { text: 'priced', image: 'priced' },
  GuardrailConverseTextBlock: { text: 'priced', qualifiers: DATA },
  CachePointBlock: { type: DATA, ttl: { free: 'every write is reserved at the price of the dearest' } },
  ReasoningContentBlock: { reasoningText: 'priced', redactedContent: 'priced' },
  ReasoningTextBlock: { text: 'priced', signature: 'priced' },
  CitationsContentBlock: { content: 'priced', citations: 'priced' },
  CitationGeneratedContent: { text: 'priced' },
  Citation: { title: DATA, source: DATA, sourceContent: 'priced', location: DATA },
  CitationSourceContent: { text: 'priced' },
  CitationLocation: {
    web: DATA,
    documentChar: DATA,
    documentPage: DATA,
    documentChunk: DATA,
    searchResultLocation: DATA,
  },
  WebLocation: { url: DATA, domain: DATA },
  ...sameFor(['DocumentCharLocation', 'DocumentPageLocation', 'DocumentChunkLocation'], {
    documentIndex: DATA,
    start: DATA,
    end: DATA,
  }),
  SearchResultLocation: { searchResultIndex: DATA, start: DATA, end: DATA },
  ToolAdditionBlock: { tool: 'priced' },
  ToolRemovalBlock: { tool: DATA },
  ToolReference: { type: DATA, name: DATA, serverName: 'refused' },
  InferenceConfiguration: { maxTokens: 'priced', temperature: DATA, topP: DATA, stopSequences: DATA },
  ToolConfiguration: { tools: 'priced', toolChoice: DATA },
  Tool: { toolSpec: 'priced', systemTool: 'refused', cachePoint: 'priced' },
  ToolSpecification: { name: DATA, inputSchema: 'priced', description: 'priced', strict: DATA },
  ToolInputSchema: { json: 'priced' },
  SystemTool: { name: 'refused' },
  ToolChoice: { auto: DATA, any: DATA, tool: DATA },
  AutoToolChoice: {},
  AnyToolChoice: {},
  SpecificToolChoice: { name: DATA },
  GuardrailConfiguration: { guardrailIdentifier: 'refused', guardrailVersion: 'refused', trace: DATA },
  GuardrailStreamConfiguration: {
    guardrailIdentifier: 'refused',
    guardrailVersion: 'refused',
    trace: DATA,
    streamProcessingMode: DATA,
  },
  PromptVariableValues: { text: { free: 'read with a stored prompt only, which is refused by its ARN' } },
  PerformanceConfiguration: { latency: 'refused' },
  ServiceTier: { type: 'refused' },
  OutputConfig: { textFormat: 'priced', effort: { free: 'how much of the limit of tokens goes into reasoning' } },
  OutputFormat: { type: DATA, structure: 'priced' },
  OutputFormatStructure: { jsonSchema: 'priced' },
  JsonSchemaDefinition: { schema: 'priced', name: DATA, description: 'priced' },
};

function sameFor<T>(names: readonly string[], members: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, members]));
}
