# Writes the header that build_info.cpp includes; rewrites it only when something in it changed.
function(git result)
    execute_process(COMMAND git -C "${SOURCE}" ${ARGN}
        OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
        set(output "unknown")
    endif()
    set(${result} "${output}" PARENT_SCOPE)
endfunction()

git(sha rev-parse HEAD)
git(changes status --porcelain --untracked-files=no)
if(changes STREQUAL "")
    set(dirty false)
else()
    set(dirty true)  # changed files, or no git to say that there are none
endif()
string(STRIP "${FLAGS}" flags)
if(SANITIZE)
    string(APPEND flags " -fsanitize=${SANITIZE}")
endif()
if(LTO)
    string(APPEND flags " -flto")
endif()
set(text "#pragma once
#define KVDUEL_VERSION \"${VERSION}\"
#define KVDUEL_GIT_SHA \"${sha}\"
#define KVDUEL_DIRTY ${dirty}
#define KVDUEL_BUILD_TYPE \"${BUILD_TYPE}\"
#define KVDUEL_COMPILER \"${COMPILER}\"
#define KVDUEL_FLAGS \"${flags}\"
")
set(old "")
if(EXISTS "${OUTPUT}")
    file(READ "${OUTPUT}" old)
endif()
if(NOT old STREQUAL text)
    file(WRITE "${OUTPUT}" "${text}")
endif()
