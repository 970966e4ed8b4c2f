/** The options of training as types. Written by scripts/build-options.ts from the schema in options.ts. */

/** Training options as a caller gives them: all may be left out. */
export type TrainingOptions = {
  /**
   * What is trained: "full" is the model step by step; "linear" the last layer alone, by logistic regression on what
   * the encoder makes of the texts, in seconds; "contrastive" the encoder to put texts of one class together, then the
   * last layer so: for few examples. Default: "full".
   */
  readonly mode?: "full" | "linear" | "contrastive" | undefined;
  /**
   * linear, contrastive: inverse strength of its penalty, scikit-learn's C; by default the best of five on the
   * validation set, or 1.
   */
  readonly linearC?: number | undefined;
  /** contrastive: steps of the encoder's training, batchSize texts each. Default: 100. */
  readonly contrastiveSteps?: number | undefined;
  /** Passes over the training set. Default: 3. */
  readonly epochs?: number | undefined;
  /** Texts per step. Default: 32. */
  readonly batchSize?: number | undefined;
  /** Highest learning rate. Default: 0.00005. */
  readonly learningRate?: number | undefined;
  /** How the learning rate goes on after the warm-up. Default: "linear". */
  readonly lrSchedulerType?:
    | "linear"
    | "cosine"
    | "cosine_with_restarts"
    | "polynomial"
    | "constant"
    | "constant_with_warmup"
    | "inverse_sqrt"
    | "reduce_lr_on_plateau"
    | undefined;
  /** Share of the steps in which the learning rate rises. Default: 0.1. */
  readonly warmupRatio?: number | undefined;
  /** Steps in which the learning rate rises; by default those of warmupRatio. */
  readonly warmupSteps?: number | undefined;
  /** Waves of cosine, half a one by default; or cycles of cosine_with_restarts, one by default. */
  readonly lrNumCycles?: number | undefined;
  /** polynomial: power with which the rate goes down. Default: 1. */
  readonly lrPower?: number | undefined;
  /** polynomial: learning rate of the last step. Default: 1e-7. */
  readonly lrEnd?: number | undefined;
  /** reduce_lr_on_plateau: what the rate is multiplied by. Default: 0.1. */
  readonly lrFactor?: number | undefined;
  /** reduce_lr_on_plateau: evaluations without a better metric before the next lowers the rate. Default: 1. */
  readonly lrPatience?: number | undefined;
  /**
   * Loss: cross_entropy, binary_cross_entropy, focal or mse, or what Keras and PyTorch call them; by default the
   * task's.
   */
  readonly loss?: string | undefined;
  /** Share of the truth that is spread over all classes. Default: 0. */
  readonly labelSmoothing?: number | undefined;
  /** What a row of a class counts: "balanced" for as much of every class, or a weight for each, as in spam=5. */
  readonly classWeights?: "balanced" | readonly string[] | Readonly<Record<string, number>> | undefined;
  /**
   * Train on as many rows of every class: rows of rare classes repeated, or fewer of frequent ones; as the data is by
   * default.
   */
  readonly sampling?: "oversample" | "undersample" | undefined;
  /** Focal: how much less a row counts that is right already; 2 by default. */
  readonly focalGamma?: number | undefined;
  /** Focal, of labels: what a yes counts; a no counts 1 - alpha; by default both count 1. */
  readonly focalAlpha?: number | undefined;
  /** Highest learning rate of the head; as the rest by default. */
  readonly headLearningRate?: number | undefined;
  /** Learning rate of a layer as a share of that of the layer above it, from the head down. Default: 1. */
  readonly layerwiseLrDecay?: number | undefined;
  /** Weight decay of all but biases and normalisations. Default: 0.01. */
  readonly weightDecay?: number | undefined;
  /** Optimizer. Default: "adamw". */
  readonly optim?: "adamw" | "adam" | "sgd" | "adafactor" | "lion" | undefined;
  /** adam, adamw: decay of the mean of gradients. Default: 0.9. */
  readonly adamBeta1?: number | undefined;
  /** adam, adamw: decay of the mean of squared gradients. Default: 0.999. */
  readonly adamBeta2?: number | undefined;
  /** adam, adamw: added to the root of that mean. Default: 1e-8. */
  readonly adamEpsilon?: number | undefined;
  /** sgd: share of the last step that goes into the next. Default: 0.9. */
  readonly momentum?: number | undefined;
  /** sgd: Nesterov's momentum, which looks a step ahead. Default: false. */
  readonly nesterov?: boolean | undefined;
  /** lion: share of the moment in the direction of a step. Default: 0.9. */
  readonly lionBeta1?: number | undefined;
  /** lion: decay of the moment. Default: 0.99. */
  readonly lionBeta2?: number | undefined;
  /** Global norm to which gradients are clipped. Default: 1. */
  readonly maxGradNorm?: number | undefined;
  /** Batches whose gradients make one step. Default: 1. */
  readonly gradientAccumulationSteps?: number | undefined;
  /** Tokens per text, [CLS] and [SEP] included; longer texts lose their end. Default: 128. */
  readonly maxLength?: number | undefined;
  /** Which text of a pair is cut where both together are too long. Default: "longest_first". */
  readonly truncation?: "longest_first" | "only_first" | "only_second" | undefined;
  /**
   * What is read of a text by itself that is longer than maxLength: its head, its tail, a quarter of head and three of
   * tail, or all of it in windows; by default what the tokenizer's files say, as a rule its head.
   */
  readonly longTexts?: "head" | "tail" | "head+tail" | "windows" | undefined;
  /** windows: tokens that a window has in common with the one before; by default a quarter of maxLength. */
  readonly stride?: number | undefined;
  /** windows: whether the scores of a text are the mean or the largest of its windows'. Default: "mean". */
  readonly windowScores?: "mean" | "max" | undefined;
  /** Make batches of texts of like length. Default: true. */
  readonly groupByLength?: boolean | undefined;
  /** Batches are padded to a multiple of this many tokens; 1 pads least, 8 suits tensor cores. Default: 1. */
  readonly padToMultipleOf?: number | undefined;
  /** Tokens that pass through the model at once: larger batches are computed in parts. Default: 1024. */
  readonly tokensPerPass?: number | undefined;
  /**
   * Compute a batch in so small parts that the memory predicted for them is free; its steps stay the same. Default:
   * false.
   */
  readonly autoFindBatchSize?: boolean | undefined;
  /**
   * Compute layers anew for their gradients instead of keeping them: less memory, a third more work. Default: false.
   */
  readonly gradientCheckpointing?: boolean | undefined;
  /** Train only the embedding rows whose token occurs; the others decay as they would. Default: true. */
  readonly compactVocabulary?: boolean | undefined;
  /** Keep the tokens of large data on disk, for the next run on the same texts. Default: true. */
  readonly tokenCache?: boolean | undefined;
  /**
   * What is not trained: "embeddings", these and the first layers (a number), the whole "encoder", or parameters whose
   * name matches a /regular expression/. Default: "none".
   */
  readonly freeze?: number | string | undefined;
  /**
   * Compute layers that stay frozen once, where no dropout is in them, and keep what they make of the texts. Default:
   * true.
   */
  readonly frozenCache?: boolean | undefined;
  /** Memory for what frozen layers make of the texts; more goes to a temporary file, in float16. Default: 2000. */
  readonly frozenCacheMegabytes?: number | undefined;
  /** Train adapters of low rank beside the layers and the head, and leave the rest as it is (LoRA). Default: false. */
  readonly lora?: boolean | undefined;
  /** Rank of the adapters; 8 by default. */
  readonly loraRank?: number | undefined;
  /** The adapters' products are multiplied by loraAlpha / loraRank; 8 by default. */
  readonly loraAlpha?: number | undefined;
  /** Dropout probability before the adapters; 0 by default. */
  readonly loraDropout?: number | undefined;
  /**
   * Layers with adapters, by the last parts of their names, or all-linear; those of PEFT by default: query and value.
   */
  readonly loraTargets?: readonly string[] | undefined;
  /** Modules that are trained whole beside the head, as in pooler; by default those that the model lacks. */
  readonly loraModulesToSave?: readonly string[] | undefined;
  /** Epochs after which what is frozen is trained too; by default it never is. */
  readonly unfreezeAfter?: number | undefined;
  /** Layers that are then unfrozen in each epoch, from the top down; all at once by default. */
  readonly unfreezeLayersPerEpoch?: number | undefined;
  /** Evaluate and keep an exponential moving average of the weights, of this decay per step; none by default. */
  readonly emaDecay?: number | undefined;
  /**
   * Of so many of the best evaluations, average the weights at the end, the best first, each where the metric does not
   * fall; none by default.
   */
  readonly greedySoup?: number | undefined;
  /** Dropout probability everywhere; as in the model's configuration by default. */
  readonly dropout?: number | undefined;
  /** Seed of shuffling, dropout and new weights. Default: 42. */
  readonly seed?: number | undefined;
  /** Keep the weights of the best validated epoch instead of the last. Default: true. */
  readonly loadBestModelAtEnd?: boolean | undefined;
  /**
   * When the validation part is evaluated: after every epoch, or every evalSteps steps and at the end. Default:
   * "epoch".
   */
  readonly evalStrategy?: "epoch" | "steps" | undefined;
  /** Steps between two evaluations; with evalStrategy steps 500 by default. */
  readonly evalSteps?: number | undefined;
  /** Evaluations without a better metric after which training ends; by default it goes on to its last epoch. */
  readonly earlyStoppingPatience?: number | undefined;
  /** How much better the metric has to be for early stopping to count it as better. Default: 0. */
  readonly earlyStoppingThreshold?: number | undefined;
  /**
   * Rows of the validation part that are evaluated while training goes on, drawn once; all are at the end. Default:
   * 10000.
   */
  readonly maxEvalRows?: number | undefined;
  /**
   * When a checkpoint is written to go on from: auto is every saveSteps steps, or every five minutes. Default: "auto".
   */
  readonly saveStrategy?: "auto" | "no" | "epoch" | "steps" | undefined;
  /** Steps between two checkpoints; with saveStrategy steps 500 by default. */
  readonly saveSteps?: number | undefined;
  /** Checkpoints that are kept, the newest. Default: 2. */
  readonly saveTotalLimit?: number | undefined;
  /** Metric by which the best epoch is chosen; by default the task's, which is macroF1 for classes. */
  readonly metricForBestModel?: string | undefined;
  /** Processor threads; all cores by default. */
  readonly threads?: number | undefined;
};

/** Training options with every default filled in. */
export type ResolvedTrainingOptions = {
  /**
   * What is trained: "full" is the model step by step; "linear" the last layer alone, by logistic regression on what
   * the encoder makes of the texts, in seconds; "contrastive" the encoder to put texts of one class together, then the
   * last layer so: for few examples.
   */
  readonly mode: "full" | "linear" | "contrastive";
  /**
   * linear, contrastive: inverse strength of its penalty, scikit-learn's C; by default the best of five on the
   * validation set, or 1.
   */
  readonly linearC?: number | undefined;
  /** contrastive: steps of the encoder's training, batchSize texts each. */
  readonly contrastiveSteps: number;
  /** Passes over the training set. */
  readonly epochs: number;
  /** Texts per step. */
  readonly batchSize: number;
  /** Highest learning rate. */
  readonly learningRate: number;
  /** How the learning rate goes on after the warm-up. */
  readonly lrSchedulerType:
    | "linear"
    | "cosine"
    | "cosine_with_restarts"
    | "polynomial"
    | "constant"
    | "constant_with_warmup"
    | "inverse_sqrt"
    | "reduce_lr_on_plateau";
  /** Share of the steps in which the learning rate rises. */
  readonly warmupRatio: number;
  /** Steps in which the learning rate rises; by default those of warmupRatio. */
  readonly warmupSteps?: number | undefined;
  /** Waves of cosine, half a one by default; or cycles of cosine_with_restarts, one by default. */
  readonly lrNumCycles?: number | undefined;
  /** polynomial: power with which the rate goes down. */
  readonly lrPower: number;
  /** polynomial: learning rate of the last step. */
  readonly lrEnd: number;
  /** reduce_lr_on_plateau: what the rate is multiplied by. */
  readonly lrFactor: number;
  /** reduce_lr_on_plateau: evaluations without a better metric before the next lowers the rate. */
  readonly lrPatience: number;
  /**
   * Loss: cross_entropy, binary_cross_entropy, focal or mse, or what Keras and PyTorch call them; by default the
   * task's.
   */
  readonly loss?: string | undefined;
  /** Share of the truth that is spread over all classes. */
  readonly labelSmoothing: number;
  /** What a row of a class counts: "balanced" for as much of every class, or a weight for each, as in spam=5. */
  readonly classWeights?: "balanced" | readonly string[] | Readonly<Record<string, number>> | undefined;
  /**
   * Train on as many rows of every class: rows of rare classes repeated, or fewer of frequent ones; as the data is by
   * default.
   */
  readonly sampling?: "oversample" | "undersample" | undefined;
  /** Focal: how much less a row counts that is right already; 2 by default. */
  readonly focalGamma?: number | undefined;
  /** Focal, of labels: what a yes counts; a no counts 1 - alpha; by default both count 1. */
  readonly focalAlpha?: number | undefined;
  /** Highest learning rate of the head; as the rest by default. */
  readonly headLearningRate?: number | undefined;
  /** Learning rate of a layer as a share of that of the layer above it, from the head down. */
  readonly layerwiseLrDecay: number;
  /** Weight decay of all but biases and normalisations. */
  readonly weightDecay: number;
  /** Optimizer. */
  readonly optim: "adamw" | "adam" | "sgd" | "adafactor" | "lion";
  /** adam, adamw: decay of the mean of gradients. */
  readonly adamBeta1: number;
  /** adam, adamw: decay of the mean of squared gradients. */
  readonly adamBeta2: number;
  /** adam, adamw: added to the root of that mean. */
  readonly adamEpsilon: number;
  /** sgd: share of the last step that goes into the next. */
  readonly momentum: number;
  /** sgd: Nesterov's momentum, which looks a step ahead. */
  readonly nesterov: boolean;
  /** lion: share of the moment in the direction of a step. */
  readonly lionBeta1: number;
  /** lion: decay of the moment. */
  readonly lionBeta2: number;
  /** Global norm to which gradients are clipped. */
  readonly maxGradNorm: number;
  /** Batches whose gradients make one step. */
  readonly gradientAccumulationSteps: number;
  /** Tokens per text, [CLS] and [SEP] included; longer texts lose their end. */
  readonly maxLength: number;
  /** Which text of a pair is cut where both together are too long. */
  readonly truncation: "longest_first" | "only_first" | "only_second";
  /**
   * What is read of a text by itself that is longer than maxLength: its head, its tail, a quarter of head and three of
   * tail, or all of it in windows; by default what the tokenizer's files say, as a rule its head.
   */
  readonly longTexts?: "head" | "tail" | "head+tail" | "windows" | undefined;
  /** windows: tokens that a window has in common with the one before; by default a quarter of maxLength. */
  readonly stride?: number | undefined;
  /** windows: whether the scores of a text are the mean or the largest of its windows'. */
  readonly windowScores: "mean" | "max";
  /** Make batches of texts of like length. */
  readonly groupByLength: boolean;
  /** Batches are padded to a multiple of this many tokens; 1 pads least, 8 suits tensor cores. */
  readonly padToMultipleOf: number;
  /** Tokens that pass through the model at once: larger batches are computed in parts. */
  readonly tokensPerPass: number;
  /** Compute a batch in so small parts that the memory predicted for them is free; its steps stay the same. */
  readonly autoFindBatchSize: boolean;
  /** Compute layers anew for their gradients instead of keeping them: less memory, a third more work. */
  readonly gradientCheckpointing: boolean;
  /** Train only the embedding rows whose token occurs; the others decay as they would. */
  readonly compactVocabulary: boolean;
  /** Keep the tokens of large data on disk, for the next run on the same texts. */
  readonly tokenCache: boolean;
  /**
   * What is not trained: "embeddings", these and the first layers (a number), the whole "encoder", or parameters whose
   * name matches a /regular expression/.
   */
  readonly freeze: number | string;
  /** Compute layers that stay frozen once, where no dropout is in them, and keep what they make of the texts. */
  readonly frozenCache: boolean;
  /** Memory for what frozen layers make of the texts; more goes to a temporary file, in float16. */
  readonly frozenCacheMegabytes: number;
  /** Train adapters of low rank beside the layers and the head, and leave the rest as it is (LoRA). */
  readonly lora: boolean;
  /** Rank of the adapters; 8 by default. */
  readonly loraRank?: number | undefined;
  /** The adapters' products are multiplied by loraAlpha / loraRank; 8 by default. */
  readonly loraAlpha?: number | undefined;
  /** Dropout probability before the adapters; 0 by default. */
  readonly loraDropout?: number | undefined;
  /**
   * Layers with adapters, by the last parts of their names, or all-linear; those of PEFT by default: query and value.
   */
  readonly loraTargets?: readonly string[] | undefined;
  /** Modules that are trained whole beside the head, as in pooler; by default those that the model lacks. */
  readonly loraModulesToSave?: readonly string[] | undefined;
  /** Epochs after which what is frozen is trained too; by default it never is. */
  readonly unfreezeAfter?: number | undefined;
  /** Layers that are then unfrozen in each epoch, from the top down; all at once by default. */
  readonly unfreezeLayersPerEpoch?: number | undefined;
  /** Evaluate and keep an exponential moving average of the weights, of this decay per step; none by default. */
  readonly emaDecay?: number | undefined;
  /**
   * Of so many of the best evaluations, average the weights at the end, the best first, each where the metric does not
   * fall; none by default.
   */
  readonly greedySoup?: number | undefined;
  /** Dropout probability everywhere; as in the model's configuration by default. */
  readonly dropout?: number | undefined;
  /** Seed of shuffling, dropout and new weights. */
  readonly seed: number;
  /** Keep the weights of the best validated epoch instead of the last. */
  readonly loadBestModelAtEnd: boolean;
  /** When the validation part is evaluated: after every epoch, or every evalSteps steps and at the end. */
  readonly evalStrategy: "epoch" | "steps";
  /** Steps between two evaluations; with evalStrategy steps 500 by default. */
  readonly evalSteps?: number | undefined;
  /** Evaluations without a better metric after which training ends; by default it goes on to its last epoch. */
  readonly earlyStoppingPatience?: number | undefined;
  /** How much better the metric has to be for early stopping to count it as better. */
  readonly earlyStoppingThreshold: number;
  /** Rows of the validation part that are evaluated while training goes on, drawn once; all are at the end. */
  readonly maxEvalRows: number;
  /** When a checkpoint is written to go on from: auto is every saveSteps steps, or every five minutes. */
  readonly saveStrategy: "auto" | "no" | "epoch" | "steps";
  /** Steps between two checkpoints; with saveStrategy steps 500 by default. */
  readonly saveSteps?: number | undefined;
  /** Checkpoints that are kept, the newest. */
  readonly saveTotalLimit: number;
  /** Metric by which the best epoch is chosen; by default the task's, which is macroF1 for classes. */
  readonly metricForBestModel?: string | undefined;
  /** Processor threads; all cores by default. */
  readonly threads?: number | undefined;
};
