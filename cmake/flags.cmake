# Compiler flags for everything. Floating point is strict in every build, because the simulation must give the same
# bits on each compiler and CPU (docs/architecture.md, Determinism).
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # Paths below the source folder are cached as relative ones, so that another clone finds what this one compiled.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wshadow -Werror=return-type -ffp-contract=off -fno-fast-math)
# clang is the compiler we keep free of warnings; gcc also warns inside GoogleTest's macros.
if(DEFINED ENV{CI} AND NOT TRESPASSER_FUZZ AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options(-Werror)
endif()
if(TRESPASSER_SANITIZE)
  set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")  # at -O0 the bots' matches take minutes
  set(TRESPASSER_TEST_OPTIONS -O0)      # the tests themselves only have to be compiled soon
else()
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
endif()
add_compile_definitions(_GLIBCXX_ASSERTIONS)
set(CMAKE_CXX_FLAGS_RELEASE
    "-O2 -g1 -DNDEBUG -D_FORTIFY_SOURCE=2 -fstack-protector-strong")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # the second compiler's build is only compared
  string(REPLACE "-g1" "-g0" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
endif()

if(TRESPASSER_SANITIZE)
  add_compile_options(-fsanitize=${TRESPASSER_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${TRESPASSER_SANITIZE})
endif()
if(TRESPASSER_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
add_compile_definitions(BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_VISIBILITY)
