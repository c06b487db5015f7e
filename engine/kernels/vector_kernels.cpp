// SPDX-License-Identifier: GPL-3.0-or-later

// Highway compiles this file once per instruction set. SSSE3 is skipped (every processor since 2008
// has SSE4), and so are the scalable vectors of ARM, whose length is unknown when tiles are
// laid out.
#define HWY_DISABLED_TARGETS                                                                       \
    (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels/vector_kernels.cpp"
// clang-format off: this one includes the file again for every target, so it comes before the rest
#include <hwy/foreach_target.h>
// clang-format on

#include "engine/kernels/dropout-inl.h"
#include "engine/kernels/kernel_tables.h"

// The scalar target is only what Highway falls back to where a compiler promises no vectors at all;
// `reference` serves there.
#if HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128
HWY_BEFORE_NAMESPACE();
namespace timestep {
namespace HWY_NAMESPACE {

const Kernels& table()
{
    static const Kernels kernels {
        .name = HWY_TARGET == HWY_AVX3 ? "avx512"
            : HWY_TARGET == HWY_AVX2   ? "avx2"
            : HWY_TARGET == HWY_SSE4   ? "sse4"
                                       : "neon",
        .multiply = multiply,
        .lstmStep = lstmStep,
        .lstmStepBackward = lstmStepBackward,
        .layerNorm = layerNorm,
        .layerNormBackward = layerNormBackward,
        .softmaxTile = softmaxTile,
        .powersOfTwo = powersOfTwo,
        .softmaxBackward = softmaxBackward,
        .scoreGradients = scoreGradients,
        .exp = forEach<expOf>,
        .sigmoid = forEach<sigmoidOf>,
        .tanh = forEach<tanhOf>,
        .gelu = forEach<geluOf>,
        .geluDerivative = forEach<geluDerivativeOf>,
        .multiplyElements = multiplyElements,
        .dropout = dropout,
    };
    return kernels;
}

} // namespace HWY_NAMESPACE
} // namespace timestep
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
namespace timestep {

std::vector<const Kernels*> vectorKernels()
{
    const auto supported = hwy::SupportedTargets();
    std::vector<const Kernels*> tables;
#if HWY_TARGETS & HWY_NEON
    if (supported & HWY_NEON)
        tables.push_back(&N_NEON::table());
#endif
#if HWY_TARGETS & HWY_SSE4
    if (supported & HWY_SSE4)
        tables.push_back(&N_SSE4::table());
#endif
#if HWY_TARGETS & HWY_AVX2
    if (supported & HWY_AVX2)
        tables.push_back(&N_AVX2::table());
#endif
#if HWY_TARGETS & HWY_AVX3
    if (supported & HWY_AVX3)
        tables.push_back(&N_AVX3::table());
#endif
    return tables;
}

} // namespace timestep
#endif
