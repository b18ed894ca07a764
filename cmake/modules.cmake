# One static library for each folder under src/, so that the layering of ARCHITECTURE.md is also what links.

set(DANDELION_WARNINGS -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wunused-result)

# dandelion_compile_options(TARGET [LEVEL]): warnings, sanitizers, and where nothing is to be released the level of
# optimisation, -O1 unless another is given: what runs for a moment only takes longer to optimise than it saves.
function(dandelion_compile_options target)
  target_compile_options(${target} PRIVATE ${DANDELION_WARNINGS})
  if(DANDELION_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
  if(DANDELION_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${DANDELION_SANITIZE}
      -fno-sanitize-recover=all -fno-omit-frame-pointer)
    string(REPLACE "fuzzer-no-link," "" link_sanitizers "${DANDELION_SANITIZE}")
    target_link_options(${target} PUBLIC -fsanitize=${link_sanitizers})
  endif()
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    set(level -O1)
    if(ARGC GREATER 1)
      set(level ${ARGV1})
    endif()
    target_compile_options(${target} PRIVATE ${level})
  endif()
endfunction()

# dandelion_module(NAME dependencies...): the library dandelion_NAME from every source in this folder.
function(dandelion_module name)
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(NOT sources)
    add_library(dandelion_${name} INTERFACE)
    target_link_libraries(dandelion_${name} INTERFACE ${ARGN})
    return()
  endif()
  add_library(dandelion_${name} STATIC ${sources})
  target_include_directories(dandelion_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(dandelion_${name} PUBLIC ${ARGN})
  if(name STREQUAL "cli")
    dandelion_compile_options(dandelion_cli -O0)
    return()
  endif()
  dandelion_compile_options(dandelion_${name})
  if(NOT name STREQUAL "core")
    target_precompile_headers(dandelion_${name} REUSE_FROM dandelion_core)
  endif()
endfunction()
