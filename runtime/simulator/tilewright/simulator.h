// What emitted CUDA and HIP text includes in place of the device's headers: the same types and wrappers, executed on the
// host by the engine (engine/engine.cpp), with every access checked.
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "tilewright/types.h"
#include "tilewright/interface.h"
#include "tilewright/registers.h"
#include "tilewright/memory.h"
#include "tilewright/warp.h"
#include "tilewright/tensor.h"
#if TILEWRIGHT_WARP_SIZE == 32
#include "tilewright/hopper.h"
#include "tilewright/cluster.h"
#endif
#include "tilewright/launch.h"
