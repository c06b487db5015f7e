// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace timestep {

/// A safetensors file: eight bytes of header length (little-endian), a JSON header that says of
/// each tensor its type, shape and place, then the numbers
/// (https://github.com/huggingface/safetensors, "Format").
/// The header is checked against the file's size before anything is allocated for a tensor.
class SafetensorsFile
{
public:
    /// Reads the header. Throws Error that names the file and the tensor: a header longer than the
    /// file, broken or deep JSON, an unknown type, tensors that overlap, leave a gap or reach
    /// beyond the end, a shape that does not fill its place.
    explicit SafetensorsFile(std::filesystem::path file);

    const std::filesystem::path& path() const { return m_path; }
    bool has(std::string_view name) const { return m_tensors.contains(name); }
    std::vector<std::string> names() const; // in ascending order
    /// What the file says of itself: "__metadata__", text by text.
    const std::map<std::string, std::string, std::less<>>& metadata() const { return m_metadata; }

    /// F32, F16 or BF16 as float. Throws Error for a missing tensor, another type, another shape
    /// than (rows, columns), or a number that is not finite.
    Matrix<float> matrix(std::string_view name, int rows, int columns);
    RowVector<float> vector(std::string_view name, int size);
    /// A tensor of one dimension, however long.
    std::vector<float> numbers(std::string_view name);

private:
    struct Tensor
    {
        std::string type; // as the file writes it: "F32"
        std::vector<std::uint64_t> shape;
        std::uint64_t begin = 0, end = 0; // bytes after the header
    };

    std::string readHeader();
    void readTensors(const std::string& header);
    template <typename Json>
    void readMetadata(const Json& entry);
    void checkPlaces() const;
    const Tensor& find(std::string_view name, const std::vector<std::uint64_t>& shape) const;
    void readNumbers(std::string_view name, const Tensor& tensor, std::span<float> numbers);
    [[noreturn]] void refuse(std::string_view name, const std::string& why) const;

    std::filesystem::path m_path;
    std::ifstream m_stream;
    std::uint64_t m_dataBegin = 0; // where the header ends
    std::uint64_t m_dataSize = 0; // from there to the end of the file
    std::map<std::string, Tensor, std::less<>> m_tensors;
    std::map<std::string, std::string, std::less<>> m_metadata;
};

/// One tensor to be written. The numbers are not copied.
struct NamedTensor
{
    std::string name;
    std::vector<std::uint64_t> shape;
    std::span<const float> numbers; // row-major
};

/// How numbers are written.
enum class NumberFormat
{
    F32, // as they are
    F16, // IEEE 754 binary16: rounded to the nearest, ties to even
};

/// Writes them in the order given, beside metadata; the file appears whole or not at all. Throws
/// Error, which names the tensor where a number has no finite value in the format.
void writeSafetensors(const std::filesystem::path& file, std::span<const NamedTensor> tensors,
    const std::map<std::string, std::string>& metadata = {},
    NumberFormat format = NumberFormat::F32);

} // namespace timestep
