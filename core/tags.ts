/** Tag keys, defined once for the templates, the budgets' filters and whoever looks a resource up. */

/** On every resource of an environment; on its inference profiles it is what separates the bill (cost allocation tag). */
export const ENVIRONMENT_TAG = 'spend-guard:environment';

/** On every function of the guard: the feature's name, such as `cost-check`. */
export const FUNCTION_TAG = 'spend-guard:function';
