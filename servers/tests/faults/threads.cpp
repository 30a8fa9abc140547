// pthread_create as the tests order it: EAGAIN, which is what a machine out of threads says.

#include "servers/tests/faults/plan.hpp"

#include <pthread.h>

using namespace kvduel::faults;

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*body)(void*),
                              void* argument) {
    static const auto real = reinterpret_cast<decltype(&::pthread_create)>(next_definition("pthread_create"));
    Orders* thread_orders = orders(Site::kThread);
    if (fires(thread_orders)) return static_cast<int>(thread_orders->error.load());
    return real(thread, attributes, body, argument);
}
