/** Tag keys, defined once for the templates, the budgets' filters and whoever looks a resource up. */

/** On every resource of an environment, the guard's own functions and tables included. */
export const ENVIRONMENT_TAG = 'spend-guard:environment';

/**
 * On the inference profiles alone: the cost allocation tag that splits the bill. A tag of its own, so that a budget by tag
 * counts what models cost and not what the guard costs.
 */
export const BILLING_TAG = 'spend-guard:models';

/** On every function of the guard: the feature's name, such as `cost-check`. */
export const FUNCTION_TAG = 'spend-guard:function';

/** On all that `spend-guard verify` makes for a while: the id of the run that made it. */
export const VERIFY_TAG = 'spend-guard:verify';
