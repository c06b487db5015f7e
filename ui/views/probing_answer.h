// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/probe_job.h"
#include "ui/views/token_answer.h"

namespace timestep {

/// An answer that is found by reading the text once more with something changed: its part of the
/// request of a job that several of them share.
class ProbingAnswer : public TokenAnswer
{
    Q_OBJECT
public:
    /// `job` must outlive this.
    explicit ProbingAnswer(ProbeJob& job, QObject* parent = nullptr);

    bool complete() const override;
    void setContext(const TokenContext& context) override;
    void setShown(bool shown) override;

protected:
    const ProbeResult& result() const { return *m_job.result(); }
    ProbeJob& job() const { return m_job; }
    const TokenContext& context() const { return m_context; }
    bool shown() const { return m_shown; }
    /// After what it depends on has changed.
    void refresh();

    /// Puts its part into the request; `wanted`: else takes it out.
    virtual void ask(ProbeRequest& request, bool wanted) const = 0;
    virtual void showLine() = 0;
    /// Whether it wants its part although nobody looks at it.
    virtual bool alwaysWanted() const { return false; }
    /// How often the text is read again for it.
    virtual int readings() const { return 1; }
    /// Why there is nothing, where something was refused or is still being found.
    QString stateText() const;

private:
    ProbeJob& m_job;
    TokenContext m_context;
    bool m_shown = false;
};

} // namespace timestep
