#pragma once

// The description of the HTTP API (A1) that the program carries: docs/http-api.json, put into it by
// the build.

#include <string>

namespace api {

// OpenAPI 3.1 as JSON text. Any thread; lives as long as the program.
const std::string& openapi_document();

}  // namespace api
