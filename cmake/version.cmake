# Writes base's version.cc when what it says has changed; run by every build.
#   -DSOURCE=<the source folder> -DOUTPUT=<file> -DGIVEN=<TRESPASSER_VERSION, may be empty>
set(version "${GIVEN}")
if(version STREQUAL "")
  execute_process(COMMAND git -C ${SOURCE} describe --always --tags --abbrev=12 OUTPUT_VARIABLE version
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT version MATCHES "^[A-Za-z0-9._+-]+$")
  set(version "unknown")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "base/version.h"

namespace base {

std::string_view version() { return "@version@"; }

}  // namespace base
]])
