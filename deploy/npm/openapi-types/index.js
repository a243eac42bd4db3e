// The two functions that write types from an OpenAPI document. They come from here because openapi-typescript works on
// TypeScript 5 only, which npm installs below this package, beside the newer one that checks the repository.
export { astToString, default as openapiTypes } from 'openapi-typescript'
