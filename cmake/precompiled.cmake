# Precompiled headers, in builds that only tests see (presets asan, tsan, gcc, fuzz): what nearly every file includes is
# read once. The builds of daily work and of players go without, so that each file names what it uses.
#   trespasser_precompile(<target> rooms|tests)
# A precompiled header holds the path of the clone it was made in: it is not cached, and what was compiled with it is found
# again in the same clone only.
set(trespasser_common_headers algorithm array atomic chrono cmath cstdint deque functional map memory mutex optional span
    string string_view thread unordered_map utility variant vector)

function(_trespasser_precompiled kind)
  set(name precompiled_${kind})
  set(empty ${CMAKE_BINARY_DIR}/${name}.cc)
  file(CONFIGURE OUTPUT ${empty} CONTENT "")
  add_library(${name} OBJECT ${empty})
  foreach(header ${ARGN})
    target_precompile_headers(${name} PRIVATE <${header}>)
  endforeach()
  set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
endfunction()

if(TRESPASSER_PRECOMPILE)
  if(CCACHE_PROGRAM)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CMAKE_CXX_COMPILER_LAUNCHER})
  endif()
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
  endif()
  _trespasser_precompiled(rooms ${trespasser_common_headers})
  if(TRESPASSER_TEST_OPTIONS)
    _trespasser_precompiled(waiting_rooms ${trespasser_common_headers})
    target_compile_options(precompiled_waiting_rooms PRIVATE ${TRESPASSER_TEST_OPTIONS})
  endif()
  if(TRESPASSER_TESTS)
    find_package(GTest REQUIRED)
    _trespasser_precompiled(tests ${trespasser_common_headers} filesystem fstream set gmock/gmock.h gtest/gtest.h)
    target_link_libraries(precompiled_tests PRIVATE GTest::gmock)
    target_compile_options(precompiled_tests PRIVATE ${TRESPASSER_TEST_OPTIONS})
  endif()
endif()

# Rooms that wait more than they compute. Sanitized builds compile them like the tests, in half the time.
set(trespasser_waiting_rooms accounts api app cluster metrics moderation session store)

function(trespasser_precompile target kind)
  if(TRESPASSER_TEST_OPTIONS AND target IN_LIST trespasser_waiting_rooms)
    set(kind waiting_rooms)
    target_compile_options(${target} PRIVATE ${TRESPASSER_TEST_OPTIONS})
  endif()
  if(TRESPASSER_PRECOMPILE)
    target_precompile_headers(${target} REUSE_FROM precompiled_${kind})
  endif()
  if(kind STREQUAL "tests")
    target_compile_options(${target} PRIVATE ${TRESPASSER_TEST_OPTIONS})
  endif()
endfunction()
