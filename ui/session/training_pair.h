// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/training_progress.h"
#include "ui/session/training_request.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

namespace timestep {

/// The two models in training. Used by one thread at a time.
class TrainingPair
{
public:
    /// Makes the models, where they are to begin anew or the subject is another; goes on from where
    /// they are where only the course has changed. Throws Error for a text that is too short, and
    /// for more memory than the budget.
    void prepare(const TrainingRequest& request, int course, bool anew);

    /// False when stopped: the model is then as the step before left it. Throws Error.
    bool step(ModelKind kind, bool traced, const std::stop_token& stop);

    /// Whether the next step is one that shows all there is: of averaged copies one that averages.
    bool nextShowsAll(ModelKind kind) const;

    /// Compares gradients and ways on a copy. Nothing when stopped. Throws Error.
    std::optional<TrainingTrial> tryOut(ModelKind kind, const std::stop_token& stop) const;

    const std::vector<TrainingPoint>& points(ModelKind kind) const { return side(kind).points; }
    std::shared_ptr<const TracedTrainingStep> traced(ModelKind kind) const
    {
        return side(kind).traced;
    }

    /// As they are now, under names of their own.
    ModelPair models() const;

private:
    struct Side
    {
        explicit Side(ModelPointer model = nullptr)
            : initial(std::move(model))
        {
        }
        ModelPointer initial;
        std::unique_ptr<Trainer> trainer;
        std::vector<TrainingPoint> points;
        std::shared_ptr<const TracedTrainingStep> traced;
    };
    const Side& side(ModelKind kind) const
    {
        return kind == ModelKind::Lstm ? m_lstm : m_attention;
    }
    Side& side(ModelKind kind) { return kind == ModelKind::Lstm ? m_lstm : m_attention; }
    std::unique_ptr<Trainer> trainer(const ModelPointer& initial, const TrainerSettings& settings,
        const TrainingSubject& subject) const;
    std::vector<TimedWay> timeWays(const ModelPointer& model, const std::stop_token& stop) const;

    TrainingRequest m_request;
    int m_course = 0;
    const Kernels* m_kernels = nullptr;
    Side m_lstm, m_attention;
};

/// What a training goes on from when what trains so far are `from` copies and is to be `to`: the
/// copies there are, their mean, or one of them as often as it is needed.
TrainerState carriedOver(const TrainerState& state, int from, int to);

} // namespace timestep
