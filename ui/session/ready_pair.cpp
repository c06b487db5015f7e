// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/ready_pair.h"

#include <utility>

namespace timestep {

namespace {

void repack(std::optional<PackedModel>& packed, const ModelPointer& model, const Kernels& kernels)
{
    if (!packed || packed->model() != model)
        packed.emplace(model, kernels);
}

} // namespace

void ReadyPair::prepare(const ModelPair& models, const Settings& settings)
{
    const Kernels* kernels
        = settings.kernel.empty() ? &defaultKernels() : &kernelsNamed(settings.kernel);
    if (kernels != std::exchange(m_kernels, kernels)) {
        m_lstm.reset();
        m_attention.reset();
    }
    repack(m_lstm, models.lstm, *kernels);
    repack(m_attention, models.attention, *kernels);
    if (!m_executor || m_executor->threads() != settings.threads)
        m_executor = std::make_unique<Executor>(settings.threads);
}

} // namespace timestep
